import type { Plan } from '../../engine/plan';
import type { StoredConfigVariable } from '../../store/models/instance.model';
import type { Sealer } from '../../store/sealer';
import { type OpenVariable, openVariables, sealVariables } from '../instances/config/open-variables';

type Variables = Pick<Plan, 'configVars'>;

/** The values of a user, readable, by the keys that the variables have in a plan; others are left out. */
export function openUserVariables(
  sealer: Sealer,
  { configVars }: Variables,
  stored: StoredConfigVariable[],
): Map<string, OpenVariable> {
  const byStableKey = openVariables(sealer, stored);
  return new Map(
    configVars.flatMap(({ key, stableKey, isUserLevel }): [string, OpenVariable][] => {
      const open = isUserLevel ? byStableKey.get(stableKey) : undefined;
      return open ? [[key, { ...open, key }]] : [];
    }),
  );
}

/** Seals the values of a user; those of variables that the plan does not have stay, as another version may. */
export function sealUserVariables(
  sealer: Sealer,
  { configVars }: Variables,
  open: Map<string, OpenVariable>,
  before: StoredConfigVariable[] = [],
): StoredConfigVariable[] {
  const own = configVars.flatMap(({ key, stableKey }): OpenVariable[] => {
    const variable = open.get(key);
    return variable ? [{ ...variable, key: stableKey }] : [];
  });
  const known = new Set(configVars.map(({ stableKey }) => stableKey));
  const others = openVariables(
    sealer,
    before.filter(({ key }) => !known.has(key)),
  );
  return sealVariables(sealer, [...own, ...others.values()]);
}
