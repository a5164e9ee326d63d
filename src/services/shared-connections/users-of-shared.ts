import type { ClientSession } from 'mongoose';
import { AppError } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import type { Deps } from '../context';

const MOST_NAMED = 10;

/**
 * Refuses with `invalid_state`, naming them, while deployed instances use a shared connection: of one customer if it is
 * given, else of any.
 */
export async function refuseWhileUsed(
  deps: Pick<Deps, 'store'>,
  { organizationId, stableKey, name }: SharedConnection,
  customerId: string | null,
  session: ClientSession,
): Promise<void> {
  const { instances, plans } = deps.store;
  const deployed = {
    organizationId,
    deployment: { $ne: null },
    ...(customerId !== null && { customerId }),
  };
  const planIds = await instances.distinct('deployment.planId', deployed).session(session);
  const using = await plans
    .find({ _id: { $in: planIds }, json: { $regex: pinOf(stableKey) } }, { _id: 1 }, { session })
    .lean();
  const found = await instances
    .find(
      { ...deployed, 'deployment.planId': { $in: using.map(({ _id }) => _id) } },
      { name: 1 },
      { session },
    )
    .sort({ name: 1 })
    .limit(MOST_NAMED + 1)
    .lean<Pick<Instance, 'name'>[]>();
  if (found.length === 0) return;
  const names = found.slice(0, MOST_NAMED).map((one) => `"${one.name}"`);
  if (found.length > MOST_NAMED) names.push('more');
  const message = `The shared connection "${name}" is used by deployed instances: ${names.join(', ')}. Deploy these with a version that does not use it, or delete them first.`;
  throw new AppError('invalid_state', message, { faults: [{ field: '__all__', messages: [message] }] });
}

/** How the JSON text of a plan names it. */
function pinOf(stableKey: string): string {
  const text = `"sharedConnection":${JSON.stringify(stableKey)}`;
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
