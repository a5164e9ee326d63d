import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import type { Instance } from '../../store/models/instance.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { Deps } from '../context';
import { isGiven } from '../is-given';
import { checkChosen } from '../on-premise/check-chosen';
import { applyInputs } from './config/apply-inputs';
import type { ConfigVariableInput } from './config/config-variable-input';
import { type OpenVariable, openVariables, sealVariables } from './config/open-variables';
import { addComingFlowConfigs } from './flow-configs/sync-flow-configs';
import { draftPlanOf, planOfVersion } from './instance-plan';

interface Draft {
  /** Null: the chosen version stays. */
  version: IntegrationVersion | null;
  configVariables?: ConfigVariableInput[] | null | undefined;
  configVariablePatch?: ConfigVariableInput[] | null | undefined;
  isCustomerUser: boolean;
}

/** The fields of an instance that a draft change touches; nothing of what is deployed. Within a transaction. */
export async function stageDraft(
  deps: Deps,
  instance: Instance,
  { version, configVariables, configVariablePatch, isCustomerUser }: Draft,
  session: ClientSession,
): Promise<Partial<Instance>> {
  if (version === null && !isGiven(configVariables) && !isGiven(configVariablePatch)) return {};
  const before = await draftPlanOf(deps, instance);
  const plan = version ? await planOfVersion(deps, version) : before;
  const present = openVariables(deps.sealer, instance.configVariables);
  let variables = present;
  if (version) {
    variables = carryOver(variables, before, plan);
    await addComingFlowConfigs(deps, instance, plan.flows, session);
  }
  const carried = variables;
  const change = { configVars: plan.configVars, isCustomerUser };
  if (isGiven(configVariables)) {
    variables = applyInputs({ ...change, present: variables, inputs: configVariables, mode: 'replace' });
  }
  if (isGiven(configVariablePatch)) {
    variables = applyInputs({ ...change, present: variables, inputs: configVariablePatch, mode: 'patch' });
  }
  await checkChosen(deps, instance, { before: carried, after: variables, isCustomerUser }, session);
  return {
    configVariables: sealVariables(deps.sealer, variables.values()),
    // A test instance runs its draft as it is.
    ...(instance.isSystem ? {} : { needsDeploy: true }),
    ...(version ? { versionId: version._id } : {}),
  };
}

/** Takes values along to variables that another version calls otherwise. */
function carryOver(variables: Map<string, OpenVariable>, from: Plan, to: Plan): Map<string, OpenVariable> {
  const renamed = new Map<string, string>();
  for (const { key, stableKey } of from.configVars) {
    const now = to.configVars.find((configVar) => configVar.stableKey === stableKey);
    if (now && now.key !== key) renamed.set(key, now.key);
  }
  const entries = [...variables.values()].map((variable): [string, OpenVariable] => {
    const key = renamed.get(variable.key) ?? variable.key;
    return [key, { ...variable, key }];
  });
  return new Map(entries);
}
