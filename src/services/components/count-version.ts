import { invalidField } from '../../errors';
import type { ComponentName } from '../../store/models/component-name.model';
import type { Deps } from '../context';

type NameOfComponent = Pick<ComponentName, 'organizationId' | 'key' | 'isPublic'>;

/** The id under which a component's name is stored. */
export function componentNameId({ organizationId, key, isPublic }: NameOfComponent): string {
  return `${organizationId}:${isPublic ? 'public' : 'private'}:${key}`;
}

/**
 * Counts one more version of a component; no customer means the one that it belongs to already, or none. Throws
 * `invalid_input` when the key belongs to somebody else.
 */
export async function countVersion(
  deps: Pick<Deps, 'store'>,
  name: NameOfComponent,
  customerId: string | null,
): Promise<ComponentName> {
  const { componentNames } = deps.store;
  const _id = componentNameId(name);
  const known = await componentNames.findById(_id).lean<ComponentName>();
  if (known && customerId !== null && customerId !== known.customerId)
    await moveUnused(deps, known, customerId);
  const count = () =>
    componentNames
      .findOneAndUpdate(
        { _id },
        { $inc: { lastVersionNumber: 1 }, $setOnInsert: { ...name, customerId } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<ComponentName>();
  const counted = await count().catch((error: unknown) => {
    // Another publish made the name at the same moment.
    if ((error as { code?: unknown }).code !== 11_000) throw error;
    return count();
  });
  if (customerId !== null && counted.customerId !== customerId) throw belongsElsewhere(name.key);
  return counted;
}

/** A key without versions is free for another customer. */
async function moveUnused(
  deps: Pick<Deps, 'store'>,
  { _id, organizationId, key, isPublic }: ComponentName,
  customerId: string,
): Promise<void> {
  if (await deps.store.componentVersions.exists({ organizationId, key, isPublic }))
    throw belongsElsewhere(key);
  await deps.store.componentNames.updateOne({ _id }, { $set: { customerId } });
}

const belongsElsewhere = (key: string) =>
  invalidField(
    'customer',
    `The key "${key}" belongs to another customer or to the organization; choose another.`,
  );
