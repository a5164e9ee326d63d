import type { Definition } from './schema';

/** What a thing that may be renamed is known by: its present name, and the stable key that its data hangs on. */
export interface Identity {
  name: string;
  stableKey: string;
}

/** The identities of an integration's flows and config variables. */
export interface Identities {
  flows: Identity[];
  configVars: Identity[];
  /** The renames that these identities have taken in, as JSON: the same ones are not applied a second time. */
  renames: string;
}

interface Named {
  name: string;
  stableKey: string | undefined;
}

interface Rename {
  oldName: string;
  newName: string;
}

/**
 * Gives each its identity: its own stable key, else that of the name it was renamed from, else the one its name is
 * known by, else a new one made from the name.
 */
function identify(
  named: readonly Named[],
  known: readonly Identity[],
  renames: readonly Rename[],
): Identity[] {
  const before = new Map(known.map(({ name, stableKey }) => [name, stableKey]));
  const oldName = new Map(renames.map((rename) => [rename.newName, rename.oldName]));
  const found = new Map<string, string>();
  const taken = new Set<string>();
  const give = (name: string, stableKey: string | undefined): void => {
    if (!stableKey || found.has(name) || taken.has(stableKey)) return;
    found.set(name, stableKey);
    taken.add(stableKey);
  };
  for (const { name, stableKey } of named) give(name, stableKey);
  for (const { name } of named) {
    const old = oldName.get(name);
    if (old !== undefined) give(name, before.get(old) ?? old);
  }
  for (const { name } of named) give(name, before.get(name));
  for (const { name } of named) {
    // A name may come back while its former bearer lives on under another one.
    for (let copy = 1; !found.has(name); copy++) give(name, copy === 1 ? name : `${name}#${copy}`);
  }
  // What is left out today may come back tomorrow.
  const gone = known.filter(({ name, stableKey }) => !found.has(name) && !taken.has(stableKey));
  return [...named.map(({ name }) => ({ name, stableKey: found.get(name) ?? name })), ...gone];
}

/** The identities of a definition's flows and config variables, given those of the integration so far. */
export function identitiesOf(definition: Definition, known?: Identities): Identities {
  const { flows = [], requiredConfigVars = [] } = definition.renameAttributes ?? {};
  const renames = JSON.stringify([flows, requiredConfigVars]);
  const isApplied = known?.renames === renames;
  return {
    flows: identify(
      definition.flows.map(({ name, stableKey }) => ({ name, stableKey })),
      known?.flows ?? [],
      isApplied ? [] : flows,
    ),
    configVars: identify(
      definition.requiredConfigVars.map(({ key, stableKey }) => ({ name: key, stableKey })),
      known?.configVars ?? [],
      isApplied ? [] : requiredConfigVars,
    ),
    renames,
  };
}

/** Tells the stable key by which a name is known; the name itself where it is not. */
export function stableKeysOf(identities: readonly Identity[]): (name: string) => string {
  const known = new Map(identities.map(({ name, stableKey }) => [name, stableKey]));
  return (name) => known.get(name) ?? name;
}
