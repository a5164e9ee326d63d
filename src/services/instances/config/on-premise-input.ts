import type { PlanConfigVar } from '../../../engine/plan';
import type { ConfigVariableInput } from './config-variable-input';
import type { FaultCollector } from './fault-collector';
import { CONTROLLED_FIELDS, RESOURCE_FIELD } from './on-premise-resource';
import type { OpenVariable } from './open-variables';

/** The change of one variable, as `applyInputs` reads it. */
interface Change {
  configVar: PlanConfigVar;
  input: ConfigVariableInput;
  present: OpenVariable | undefined;
  mode: 'replace' | 'patch';
  isCustomerUser: boolean;
  faults: FaultCollector;
}

/** The on-premise resource that a variable has after a change; whether there is such a one is asked elsewhere. */
export function readOnPremise(change: Change): Pick<OpenVariable, 'onPremiseResourceId'> {
  const { configVar, input, present, mode, isCustomerUser, faults } = change;
  const given = input.onPremiseResourceId;
  if (!given) {
    // What the organization chose is nothing that users of a customer see, so it stays unless they take it away.
    const isKept = given === undefined && (mode === 'patch' || isCustomerUser);
    return isKept && present?.onPremiseResourceId ? { onPremiseResourceId: present.onPremiseResourceId } : {};
  }
  // What a reader was shown may come back, whatever the version says of it by now.
  const fault = given === present?.onPremiseResourceId ? undefined : faultOf(configVar);
  if (fault) faults.add(`${configVar.key}.${RESOURCE_FIELD}`, `"${configVar.key}" ${fault}`);
  return { onPremiseResourceId: given };
}

function faultOf({ connection, onPremise, isUserLevel }: PlanConfigVar): string | undefined {
  if (!connection) return 'is no connection of its own, so no on-premise resource can stand for it.';
  if (isUserLevel) return 'is set by each end user, who choose no on-premise resource.';
  if (!onPremise)
    return 'takes no on-premise resource: its `onPremiseConnectionConfig` in the definition does not allow it.';
  const missing = CONTROLLED_FIELDS.filter((key) => connection.fields.every((field) => field.key !== key));
  if (missing.length === 0) return undefined;
  return `takes no on-premise resource: its connection type has no input ${missing.join(' and no ')}.`;
}
