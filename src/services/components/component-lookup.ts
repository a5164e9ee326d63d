import { LRUCache } from 'lru-cache';
import type { ComponentManifest, ComponentPin } from '../../components/manifest';
import type { ComponentLookup, ComponentReference } from '../../definition';
import type { MissingComponent } from '../../definition/component-lookup';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { READY, statusOf } from './component-status';

/** All of a version but its manifest, which may be large. */
type Row = Omit<ComponentVersion, 'manifest'>;

/** For whom components are looked up. */
export interface LookupScope {
  /** Whose components count besides the organization's own; null or absent for nobody's. */
  customerId?: string | null;
  /** The definition's text: manifests are read only of components whose key it names. */
  text?: string;
}

// Manifests never change once a version is ready. Ids are unique over all databases.
const cache = new LRUCache<string, ComponentManifest>({ max: 500 });

/**
 * How definitions of an organization find components: its own first, then the built-ins; only versions whose
 * package passed its checks. Reads them once.
 */
export async function componentLookup(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  { customerId = null, text }: LookupScope = {},
): Promise<ComponentLookup> {
  const stored = await deps.store.componentVersions
    .find({ organizationId: { $in: [null, organizationId] } }, { manifest: 0 })
    .sort({ versionNumber: -1 })
    .lean<Row[]>();
  const named = text === undefined ? stored : stored.filter(({ key }) => mayName(text, key));
  const known = await readManifests(deps, named.filter(isReady));
  const rows = new Map<string, Row[]>();
  for (const row of named) rows.set(nameOf(row), [...(rows.get(nameOf(row)) ?? []), row]);
  return (ref) => {
    const all = rows.get(nameOf(ref)) ?? [];
    const usable = all.filter((row) => isReady(row) && isFor(row, customerId));
    const own = usable.filter((version) => version.organizationId !== null);
    const [newest, ...others] = own.length > 0 ? own : usable;
    if (!newest) return missing(all, customerId, { missing: 'component' });
    const found = [newest, ...others].find((version) => isMeant(version, ref));
    const manifest = found && known.get(found._id);
    if (manifest) return { manifest, pin: pinOf(found) };
    const asked = all.filter(({ versionNumber }) => versionNumber === ref.version);
    return missing(asked, customerId, { missing: 'version', newest: newest.versionNumber });
  };
}

/** YAML may write any character as an escape. */
const mayName = (text: string, key: string) => text.includes(key) || /\\[ux]/i.test(text);

const isReady = ({ status }: Row) => status === READY.status;
const isFor = (row: Row, customerId: string | null) =>
  row.customerId == null || row.customerId === customerId;

async function readManifests(
  deps: Pick<Deps, 'store'>,
  rows: Row[],
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

function pinOf({ key, isPublic, versionNumber, signature }: Row): ComponentPin {
  return { key, isPublic, version: versionNumber, signature };
}

/**
 * A built-in counts as one version, whatever number or signature a definition names: the numbers in files of
 * other origin are not ours. Its pin still fixes the version that was found.
 */
function isMeant(version: Row, ref: ComponentReference): boolean {
  if (version.organizationId === null) return version.isLatest;
  if (ref.signature !== undefined) return version.signature === ref.signature;
  const { version: asked = 'LATEST' } = ref;
  return asked === 'LATEST' ? version.isLatest : version.versionNumber === asked;
}

/** Of what is there under that name, the newest says best why it does not do. */
function missing([newest]: Row[], customerId: string | null, fault: MissingComponent): MissingComponent {
  if (!newest) return fault;
  if (!isFor(newest, customerId)) return { ...fault, reason: 'It belongs to another customer.' };
  const { status, reason } = statusOf(newest);
  if (status === 'ready') return fault;
  const state = status === 'refused' ? 'was refused' : 'is not ready';
  return { ...fault, reason: `Version ${newest.versionNumber} ${state}: ${reason}` };
}

const nameOf = ({ key, isPublic }: { key: string; isPublic: boolean }) => `${isPublic}:${key}`;
