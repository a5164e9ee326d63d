import type { Plan, PlanConfigVar } from '../../../engine/plan';
import { setByHand } from './connection-fields';
import { connectionUsers } from './connection-users';
import { CONTROLLED_FIELDS, givenByResource, needsResource, RESOURCE_FIELD } from './on-premise-resource';
import type { OpenVariable } from './open-variables';

/** A place that has no value though it needs one. */
export interface MissingValue {
  key: string;
  /** For a connection. */
  field?: string;
  /** For a connection: the names of the steps that use it. */
  steps?: string[];
  /** For a shared connection: its stable key, and why there is none where that is the fault. */
  shared?: string;
  sharedFault?: string;
}

/** What of a plan says which values it needs. */
export type Needs = Pick<Plan, 'flows' | 'configVars' | 'isCodeNative'>;

/** Every variable, and every field of a connection, that must be set before a deploy. */
export function findMissing(plan: Needs, open: Map<string, OpenVariable>): MissingValue[] {
  const users = connectionUsers(plan);
  return plan.configVars.flatMap((configVar) =>
    missingOf(configVar, open.get(configVar.key), users.get(configVar.key) ?? []),
  );
}

/** The same for one variable; `steps` are those that use it if it is a connection. */
function missingOf(
  configVar: PlanConfigVar,
  open: OpenVariable | undefined,
  steps: string[],
): MissingValue[] {
  const { key, sharedConnection } = configVar;
  const shared = sharedConnection === undefined ? {} : { shared: sharedConnection };
  if (open?.sharedFault !== undefined)
    return steps.length === 0 ? [] : [{ key, steps, ...shared, sharedFault: open.sharedFault }];
  if (!configVar.connection) return isMissing(configVar, open) ? [{ key }] : [];
  return steps.length === 0
    ? []
    : emptyFields(configVar, open).map((field) => ({ key, field, steps, ...shared }));
}

/** Whether a variable that is no connection needs a value and has none. */
export function isMissing(configVar: PlanConfigVar, open: OpenVariable | undefined): boolean {
  const { dataType, defaultValue } = configVar;
  if (!isFillable(configVar) || (dataType === 'schedule' && open?.value === '')) return false;
  return (open?.value ?? defaultValue ?? '') === '';
}

/** The keys of the fields of a connection that need a value and have none. */
export function emptyFields(configVar: PlanConfigVar, open: OpenVariable | undefined): string[] {
  const isWithout = needsResource(configVar, open);
  // Once it is chosen, nobody needs to say these.
  const given = isWithout ? CONTROLLED_FIELDS : givenByResource(configVar, open);
  const empty = (configVar.connection?.fields ?? [])
    .filter((field) => field.required && (setByHand(field, open?.fields) ?? field.value ?? '') === '')
    .map(({ key }) => key)
    .filter((key) => !given.includes(key));
  return isWithout ? [RESOURCE_FIELD, ...empty] : empty;
}

/** Whether a deploy can be refused because of the variable. */
export function isRequired(configVar: PlanConfigVar, isUsed: boolean): boolean {
  if (configVar.sharedConnection !== undefined) return isUsed;
  if (configVar.connection) return isUsed && emptyFields(configVar, undefined).length > 0;
  return isFillable(configVar) && (configVar.defaultValue ?? '') === '';
}

/** Whether somebody is asked for a value: pages of text ask for none, and what nobody is shown is left to the API. */
function isFillable({ dataType, setBy, visibleToOrganization }: PlanConfigVar): boolean {
  if (dataType === 'htmlelement' || dataType === 'connection') return false;
  return setBy !== 'embedded' || visibleToOrganization !== false;
}
