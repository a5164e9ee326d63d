import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import type { FieldFault } from '../../errors';
import type { FlowConfig } from '../../store/models/flow-config.model';
import type { Instance } from '../../store/models/instance.model';
import type { Deps } from '../context';
import { invalidInput } from '../parse-input';
import { checkValue } from './config/check-value';
import { findMissing } from './config/find-missing';
import type { OpenVariable } from './config/open-variables';

interface Candidate {
  instance: Instance;
  plan: Plan;
  open: Map<string, OpenVariable>;
}

/**
 * Throws `invalid_input` with everything that stands in the way of a deploy: values that are missing, values
 * that no longer fit since the version changed, and flows that must have an API key.
 */
export async function checkDeployable(
  deps: Pick<Deps, 'store'>,
  candidate: Candidate,
  session: ClientSession,
): Promise<void> {
  const faults = [
    ...missingValues(candidate),
    ...badValues(candidate),
    ...(await missingApiKeys(deps, candidate, session)),
  ];
  if (faults.length > 0) throw invalidInput(faults);
}

function missingValues({ plan, open }: Candidate): FieldFault[] {
  return findMissing(plan.configVars, open).map(({ key, field }) =>
    field === undefined
      ? { field: `configVariables.${key}`, messages: [`"${key}" needs a value.`] }
      : {
          field: `configVariables.${key}.${field}`,
          messages: [`The connection "${key}" needs a value for its field "${field}".`],
        },
  );
}

function badValues({ plan, open }: Candidate): FieldFault[] {
  return plan.configVars.flatMap((configVar) => {
    const value = open.get(configVar.key)?.value;
    const problem = value && !configVar.connection ? checkValue(configVar, value) : undefined;
    if (problem === undefined) return [];
    return [{ field: `configVariables.${configVar.key}`, messages: [`"${configVar.key}" ${problem}`] }];
  });
}

async function missingApiKeys(
  deps: Pick<Deps, 'store'>,
  { instance, plan }: Candidate,
  session: ClientSession,
): Promise<FieldFault[]> {
  const needing = plan.flows.filter((flow) => flow.endpointSecurityType === 'customer_required');
  if (needing.length === 0) return [];
  const stored = await deps.store.flowConfigs
    .find({ instanceId: instance._id }, null, { session })
    .lean<FlowConfig[]>();
  return needing
    .filter((flow) => !stored.find((one) => one.flowStableKey === flow.stableKey)?.apiKeys.length)
    .map(({ name }) => ({
      field: `flowConfigs.${name}`,
      messages: [`The flow "${name}" needs an API key.`],
    }));
}
