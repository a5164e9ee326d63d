import type { ComponentManifest, ComponentPin } from '../../components/manifest';
import type { ComponentLookup, ComponentReference } from '../../definition';
import type { MissingComponent } from '../../definition/component-lookup';
import type { ComponentVersion } from '../../store/models/component-version.model';
import { READY, statusOf } from './component-status';

/** What a look-up needs of a version besides its manifest, which may be large. */
export type ComponentRow = Pick<
  ComponentVersion,
  '_id' | 'organizationId' | 'customerId' | 'key' | 'isPublic' | 'versionNumber' | 'isLatest' | 'signature'
> &
  Pick<ComponentVersion, 'status' | 'statusReason' | 'receivedAt' | 'createdAt'>;

/** The components that a definition names, as they stood when they were read; plain data. */
export interface NamedComponents {
  /** Whose components count besides the organization's own; null for nobody's. */
  customerId: string | null;
  /** All versions of each, the newest first. */
  rows: ComponentRow[];
  /** By the id of a version, of those that are ready. */
  manifests: Map<string, ComponentManifest>;
}

/**
 * How a definition finds components: the organization's own first, then the built-ins; only versions whose package
 * passed its checks.
 */
export function lookupIn({ customerId, rows: named, manifests }: NamedComponents): ComponentLookup {
  const rows = new Map<string, ComponentRow[]>();
  for (const row of named) {
    const name = nameOf(row);
    const present = rows.get(name);
    if (present) present.push(row);
    else rows.set(name, [row]);
  }
  return (ref) => {
    const all = rows.get(nameOf(ref)) ?? [];
    const usable = all.filter((row) => isReady(row) && isFor(row, customerId));
    const own = usable.filter((version) => version.organizationId !== null);
    const [newest, ...others] = own.length > 0 ? own : usable;
    if (!newest) return missing(all, customerId, { missing: 'component' });
    const found = [newest, ...others].find((version) => isMeant(version, ref));
    const manifest = found && manifests.get(found._id);
    if (manifest) return { manifest, pin: pinOf(found) };
    const asked = all.filter(({ versionNumber }) => versionNumber === ref.version);
    return missing(asked, customerId, { missing: 'version', newest: newest.versionNumber });
  };
}

/** Whether a version can be used. */
export const isReady = ({ status }: Pick<ComponentRow, 'status'>): boolean => status === READY.status;

const isFor = (row: ComponentRow, customerId: string | null) =>
  row.customerId == null || row.customerId === customerId;

function pinOf({ key, isPublic, versionNumber, signature }: ComponentRow): ComponentPin {
  return { key, isPublic, version: versionNumber, signature };
}

/**
 * A built-in counts as one version, whatever number or signature a definition names: the numbers in files of
 * other origin are not ours. Its pin still fixes the version that was found.
 */
function isMeant(version: ComponentRow, ref: ComponentReference): boolean {
  if (version.organizationId === null) return version.isLatest;
  if (ref.signature !== undefined) return version.signature === ref.signature;
  const { version: asked = 'LATEST' } = ref;
  return asked === 'LATEST' ? version.isLatest : version.versionNumber === asked;
}

/** Of what is there under that name, the newest says best why it does not do. */
function missing(
  [newest]: ComponentRow[],
  customerId: string | null,
  fault: MissingComponent,
): MissingComponent {
  if (!newest) return fault;
  if (!isFor(newest, customerId)) return { ...fault, reason: 'It belongs to another customer.' };
  const { status, reason } = statusOf(newest);
  if (status === 'ready') return fault;
  const state = status === 'refused' ? 'was refused' : 'is not ready';
  return { ...fault, reason: `Version ${newest.versionNumber} ${state}: ${reason}` };
}

const nameOf = ({ key, isPublic }: { key: string; isPublic: boolean }) => `${isPublic}:${key}`;
