import type { RunnerPool } from '../components/runner/pool';
import type { RunDeps } from './run-deps';

/** Whose code runs. */
export interface CodeOwner {
  organizationId: string;
  customerId: string | null;
}

/** The name of a customer among those of all organizations. */
export const customerOf = ({ organizationId, customerId }: CodeOwner): string =>
  `${organizationId}/${customerId ?? ''}`;

/** The organization whose calls have the shared processes. */
const residents = new WeakMap<RunnerPool, string>();

/**
 * The name of the runner processes that the code of an owner shares; undefined for the shared ones. These belong to the
 * organization that came first; each other one gets its own when it calls, since packages are trusted within one only.
 */
export function runnerPoolOf(
  { env, runners }: Pick<RunDeps, 'env' | 'runners'>,
  owner: CodeOwner,
): string | undefined {
  if (env.TENON_RUNNER_ISOLATION === 'customer') return customerOf(owner);
  const { organizationId } = owner;
  const resident = residents.get(runners);
  if (resident === undefined) residents.set(runners, organizationId);
  return resident === undefined || resident === organizationId ? undefined : organizationId;
}
