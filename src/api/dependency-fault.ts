import { AppError } from '../errors';
import { isAway } from '../store/is-away';

interface DriverError {
  name?: unknown;
  code?: unknown;
}

/** The `dependency_unavailable` of a database error that time heals, `conflict` for a taken key, else null. */
export function dependencyFault(thrown: unknown): AppError | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  const error = thrown as DriverError;
  const name = String(error.name ?? '');
  if (isAway(thrown)) return databaseAway(thrown);
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
