import { AppError } from '../../errors';

/** What a process needs, by name: `ok`, or one word that says what is wrong with it. */
export type HealthParts = Readonly<Record<string, string>>;

/** Whether everything that the process needs is there. */
export function isReady(parts: HealthParts): boolean {
  return Object.values(parts).every((state) => state === 'ok');
}

/** The `dependency_unavailable` that names what is not there; the parts are its `meta`. */
export function notReady(parts: HealthParts): AppError {
  const faults = Object.entries(parts).filter(([, state]) => state !== 'ok');
  const text = faults.map(([name, state]) => `${NAMES[name] ?? name} ${VERBS[state] ?? state}`).join(', ');
  return new AppError('dependency_unavailable', `Not ready: ${text}.`, {
    retryAfterSeconds: 2,
    meta: parts,
  });
}

const NAMES: Readonly<Record<string, string>> = {
  process: 'the process',
  mongodb: 'MongoDB',
  temporal: 'Temporal',
  polling: 'polling for work',
  runners: 'runner processes',
};
const VERBS: Readonly<Record<string, string>> = {
  away: 'cannot be reached',
  stopping: 'is stopping',
  stopped: 'has not begun or has ended',
  missing: 'are not up',
};
