import type { ClientSession } from 'mongoose';
import { AppError } from '../../errors';
import type { ConnectionTemplate, DeployedTemplate } from '../../store/models/connection-template.model';
import type { Instance } from '../../store/models/instance.model';
import type { Deps } from '../context';
import { holdParent } from '../transaction';

const MOST_NAMED = 10;

/** The filter for the instances whose deployed configuration has values of a preset. */
export const deployedWith = (id: string) => ({ 'deployment.templateIds': id });

/** Refuses with `invalid_state`, naming them, while deployed instances have values of a preset. */
export async function refuseWhileDeployed(
  { store }: Pick<Deps, 'store'>,
  { _id, organizationId, name }: ConnectionTemplate,
  what: 'deleted' | 'renamed',
  session: ClientSession,
): Promise<void> {
  const found = await store.instances
    .find({ organizationId, ...deployedWith(_id) }, { name: 1 }, { session })
    .sort({ name: 1 })
    .limit(MOST_NAMED + 1)
    .lean<Pick<Instance, 'name'>[]>();
  if (found.length === 0) return;
  const names = found.slice(0, MOST_NAMED).map((one) => `"${one.name}"`);
  if (found.length > MOST_NAMED) names.push('more');
  const message = `The preset "${name}" cannot be ${what}: deployed instances have its values (${names.join(', ')}). Deploy these with a version that does not name it, or delete them first.`;
  throw new AppError('invalid_state', message, { faults: [{ field: '__all__', messages: [message] }] });
}

/** Those of the presets that have values in deployed instances. */
export async function deployedAmong({ store }: Pick<Deps, 'store'>, ids: string[]): Promise<Set<string>> {
  const used = await store.instances.distinct('deployment.templateIds', {
    'deployment.templateIds': { $in: ids },
  });
  return new Set(used);
}

/** Makes a deploy collide with a change or the deletion of a preset that it takes values of. */
export async function holdTemplates(
  { store }: Pick<Deps, 'store'>,
  templates: readonly DeployedTemplate[] = [],
  session: ClientSession,
): Promise<void> {
  for (const { _id } of templates) await holdParent(store.connectionTemplates, _id, session);
}

/** Whether the presets of a revision are still as they were when it was made. */
export async function areUnchanged(
  { store }: Pick<Deps, 'store'>,
  templates: readonly DeployedTemplate[] = [],
  session: ClientSession,
): Promise<boolean> {
  if (templates.length === 0) return true;
  const same = await store.connectionTemplates
    .countDocuments({ $or: templates.map(({ _id, updatedAt }) => ({ _id, updatedAt })) })
    .session(session);
  return same === templates.length;
}
