import { LRUCache } from 'lru-cache';
import type { ComponentManifest } from '../../components/manifest';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { type ComponentRow, isReady, type NamedComponents } from './named-components';

/** From so many keys on all components of the organization are read: it has no more. */
const MOST_KEYS = 500;

const ROW = {
  organizationId: 1,
  customerId: 1,
  key: 1,
  isPublic: 1,
  versionNumber: 1,
  isLatest: 1,
  signature: 1,
  status: 1,
  statusReason: 1,
  receivedAt: 1,
  createdAt: 1,
} as const satisfies Record<Exclude<keyof ComponentRow, '_id'>, 1>;

// Manifests never change once a version is ready. Ids are unique over all databases.
const cache = new LRUCache<string, ComponentManifest>({ max: 500 });

/** Reads the components with these keys that an organization has, and the built-ins, for a look-up. */
export async function readNamedComponents(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  { keys, customerId = null }: { keys: readonly string[]; customerId?: string | null },
): Promise<NamedComponents> {
  const wanted = new Set(keys);
  const isPublic = { $in: [true, false] };
  const stored = await deps.store.componentVersions
    .find(
      {
        organizationId: { $in: [null, organizationId] },
        ...(keys.length > MOST_KEYS ? {} : { isPublic, key: { $in: [...keys] } }),
      },
      ROW,
    )
    .sort({ versionNumber: -1 })
    .lean<ComponentRow[]>();
  const rows = stored.filter(({ key }) => wanted.has(key));
  return { customerId, rows, manifests: await readManifests(deps, rows.filter(isReady)) };
}

async function readManifests(
  deps: Pick<Deps, 'store'>,
  rows: ComponentRow[],
): Promise<Map<string, ComponentManifest>> {
  const known = new Map<string, ComponentManifest>();
  for (const { _id } of rows) {
    const manifest = cache.get(_id);
    if (manifest) known.set(_id, manifest);
  }
  const unread = rows.map(({ _id }) => _id).filter((id) => !known.has(id));
  if (unread.length === 0) return known;
  const read = await deps.store.componentVersions
    .find({ _id: { $in: unread } }, { manifest: 1 })
    .lean<Pick<ComponentVersion, '_id' | 'manifest'>[]>();
  for (const { _id, manifest } of read) {
    cache.set(_id, manifest);
    known.set(_id, manifest);
  }
  return known;
}
