import type { ComponentPin } from '../components/manifest';
import {
  type ComponentLookup,
  componentReference,
  type FoundComponent,
  type MissingComponent,
} from './component-lookup';
import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { nearest } from './nearest';
import type { ComponentUse, ConfigVar } from './schema';

/** A preset of a connection, as definitions name it. */
export interface KnownTemplate {
  component: { key: string; isPublic: boolean };
  /** Key of the kind of connection. */
  connection: string;
  name: string;
}

/** What all checks of one definition share. */
export interface CheckContext {
  faults: FaultList;
  lookup: ComponentLookup;
  /** What the lookup does not know may exist all the same: only those that were published are missing in it. */
  isOffline?: boolean;
  /** Presets of connections that there are; absent where that is not known. */
  templates?: readonly KnownTemplate[];
  configVars: ReadonlyMap<string, ConfigVar>;
}

const because = (message: string, reason: string | undefined): string =>
  reason === undefined ? message : `${message} ${reason}`;

const kindOf = (isPublic: boolean) => (isPublic ? 'public' : 'private');

function reportMissing(
  use: ComponentUse,
  reason: string | undefined,
  path: Path,
  context: CheckContext,
  user: string,
): void {
  const { key, isPublic } = use;
  const other = context.lookup({ key, isPublic: !isPublic, version: 'LATEST' });
  const hint =
    reason !== undefined
      ? 'Publish it again once that is corrected.'
      : 'manifest' in other
        ? `There is a ${kindOf(!isPublic)} one: write "isPublic: ${!isPublic}".`
        : 'Publish the component first, or correct its key.';
  const message = because(`There is no ${kindOf(isPublic)} component "${key}"${user}.`, reason);
  context.faults.error('unknown_component', [...path, 'key'], message, hint);
}

function reportVersion(
  use: ComponentUse,
  { newest, reason }: MissingComponent,
  path: Path,
  context: CheckContext,
  user: string,
): void {
  const isSigned = Boolean(use.signature);
  const which = isSigned ? `signature "${use.signature}"` : `version ${use.version ?? 'LATEST'}`;
  const hint = `${newest === undefined ? 'Publish it' : `The newest is ${newest}; write that`}, or write LATEST.`;
  const place = [...path, isSigned ? 'signature' : 'version'];
  const message = because(`The component "${use.key}" has no ${which}${user}.`, reason);
  context.faults.error('unknown_version', place, message, hint);
}

/** Built-in components count as one version: the numbers in files of other origin are not ours. */
function reportSubstitution(use: ComponentUse, pin: ComponentPin, path: Path, context: CheckContext): void {
  const isSigned = Boolean(use.signature);
  const asked = isSigned ? use.signature : use.version;
  if (asked === undefined || asked === 'LATEST' || asked === (isSigned ? pin.signature : pin.version)) return;
  const message = `The component "${use.key}" has one version only, which runs instead of ${asked}.`;
  const place = [...path, isSigned ? 'signature' : 'version'];
  context.faults.warning('version_substituted', place, message, 'Write "version: LATEST".');
}

/**
 * Finds the component that a place names; `path` leads to its `component` key. Reports what is missing; `user` ends
 * the sentence for places that are no step.
 */
export function findComponent(
  use: ComponentUse,
  path: Path,
  context: CheckContext,
  user = '',
): FoundComponent | undefined {
  if (context.faults.isBroken([...path, 'key']) || context.faults.isBroken([...path, 'isPublic']))
    return undefined;
  const found = context.lookup(componentReference(use));
  if (!('manifest' in found) && context.isOffline === true) {
    const message = `The component "${use.key}" is not built in, so what uses it was not checked${user}.`;
    const meant = nearest(use.key, found.known ?? []).map((key) => `"${key}"`);
    const elsewhere = 'Import the definition where the component is published to check it in full.';
    const hint = meant.length > 0 ? `Did you mean ${meant.join(' or ')}? If not: ${elsewhere}` : elsewhere;
    context.faults.warning('unchecked_component', [...path, 'key'], message, hint);
    return undefined;
  }
  if (!('manifest' in found)) {
    if (found.missing === 'component') reportMissing(use, found.reason, path, context, user);
    else reportVersion(use, found, path, context, user);
    return undefined;
  }
  reportSubstitution(use, found.pin, path, context);
  return found;
}
