import { AppError } from '../errors';

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

interface DriverError {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  hasErrorLabel?: (label: string) => boolean;
  cause?: unknown;
}

/** The `dependency_unavailable` of a database error that time heals, `conflict` for a taken key, else null. */
export function dependencyFault(thrown: unknown): AppError | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  const error = thrown as DriverError;
  const name = String(error.name ?? '');
  if (isAway(error, name)) return databaseAway(thrown);
  const isOfMongo = name.startsWith('Mongo');
  if (isOfMongo && error.code === 11_000) {
    return new AppError('conflict', 'An object with the same unique value exists already.', {
      cause: thrown,
    });
  }
  return null;
}

/** The answer while MongoDB is away. */
export function databaseAway(cause?: unknown): AppError {
  const options = { retryAfterSeconds: 2, cause };
  return new AppError('dependency_unavailable', 'The database does not answer at the moment.', options);
}

function isAway(error: DriverError, name: string): boolean {
  if (AWAY_NAMES.has(name)) return true;
  if (!name.startsWith('Mongo')) return false;
  if (typeof error.code === 'number' && AWAY_CODES.has(error.code)) return true;
  const hasLabel = typeof error.hasErrorLabel === 'function' ? error.hasErrorLabel.bind(error) : () => false;
  return AWAY_LABELS.some((label) => hasLabel(label));
}
