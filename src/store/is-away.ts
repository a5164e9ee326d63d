// By name and code, never by class: the driver may be loaded more than once.
const AWAY_NAMES = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoServerClosedError',
  'MongoStalePrimaryError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoExpiredSessionError',
]);

// Server codes of a member that steps down, shuts down or cannot be reached, of running out of time and of
// too few members for the write concern. Source: the driver's retryable and "not primary" code lists.
const AWAY_CODES = new Set([6, 7, 50, 64, 89, 91, 100, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

const AWAY_LABELS = ['RetryableWriteError', 'TransientTransactionError', 'UnknownTransactionCommitResult'];

const SOCKET_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

interface DriverError {
  name?: unknown;
  code?: unknown;
  /** Of a bulk write that failed as a whole: the error that it failed with, which it says nothing else of. */
  errorResponse?: unknown;
  hasErrorLabel?: (label: string) => boolean;
}

/** Whether this is an error of the database that time heals; what was asked may have been done nevertheless. */
export function isAway(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const error = thrown as DriverError;
  const name = String(error.name ?? '');
  if (AWAY_NAMES.has(name)) return true;
  if (!name.startsWith('Mongo')) return false;
  if (typeof error.code === 'number' && AWAY_CODES.has(error.code)) return true;
  const hasLabel = typeof error.hasErrorLabel === 'function' ? error.hasErrorLabel.bind(error) : () => false;
  return AWAY_LABELS.some((label) => hasLabel(label)) || isAwayFromCall(error.errorResponse);
}

/**
 * The same for what a call of the driver was rejected with: where a connection breaks under a long write, it gives the
 * socket's error as it is.
 */
export function isAwayFromCall(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as DriverError;
  return isAway(thrown) || (typeof code === 'string' && SOCKET_CODES.has(code));
}
