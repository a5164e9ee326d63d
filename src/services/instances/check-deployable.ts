import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import type { FieldFault } from '../../errors';
import type { FlowConfig } from '../../store/models/flow-config.model';
import type { Instance } from '../../store/models/instance.model';
import { pendingConsents } from '../connections/pending-consents';
import type { Deps } from '../context';
import { resourceFaults } from '../on-premise/check-chosen';
import { invalidInput } from '../parse-input';
import { placeShared } from '../shared-connections/place-shared';
import { checkValue } from './config/check-value';
import { findMissing } from './config/find-missing';
import { instanceLevel } from './config/levels';
import { RESOURCE_FIELD } from './config/on-premise-resource';
import type { OpenVariable } from './config/open-variables';
import { hasCustomerKeys } from './flow-configs/has-customer-keys';
import { scheduleFaults } from './schedules/schedule-faults';

/** Before the key, where a fault is about a config variable. */
const FIELD_PREFIX = 'configVariables.';

interface Candidate {
  instance: Instance;
  plan: Plan;
  open: Map<string, OpenVariable>;
  /** Also when somebody's consent to a connection is still missing; its steps then get no token. */
  force: boolean;
}

/**
 * Throws `invalid_input` with everything that stands in the way of a deploy: values of the instance that are missing,
 * values that no longer fit since the version changed, schedules that are no cron expressions with the values filled
 * in, connections that nobody has granted access to, and flows that must have an API key.
 */
export async function checkDeployable(
  deps: Pick<Deps, 'store' | 'sealer' | 'env'>,
  { instance, force, ...given }: Candidate,
  session: ClientSession,
): Promise<void> {
  const placed = await placeShared(deps, instance._id, given.plan, given.open, session);
  const candidate = { instance, force, ...placed };
  const ofValues = [...missingValues(candidate), ...badValues(candidate)];
  const faults = [
    ...ofValues,
    ...scheduleFaults(placed.plan, placed.open, variablesOf(ofValues)),
    ...(await resourceFaults(deps, { ...instance, open: ofAgents(candidate) }, session)),
    ...(await missingConsents(deps, candidate, session)),
    ...(await missingApiKeys(deps, candidate, session)),
  ];
  if (faults.length > 0) throw invalidInput(faults);
}

/** The keys of the config variables that faults are about. */
const variablesOf = (faults: FieldFault[]): Set<string> =>
  new Set(faults.map(({ field }) => field.slice(FIELD_PREFIX.length)));

/** The connections that the version lets agents stand for. */
function ofAgents({ plan, open }: Candidate): Map<string, OpenVariable> {
  const keys = new Set(plan.configVars.flatMap(({ key, onPremise }) => (onPremise ? [key] : [])));
  return new Map([...open].filter(([key]) => keys.has(key)));
}

function missingValues({ plan, open }: Candidate): FieldFault[] {
  return findMissing(instanceLevel(plan), open).map(({ key, field, steps, shared, sharedFault }) => {
    if (sharedFault !== undefined) {
      const message = `The connection "${key}"${usedBy(steps)}, cannot be had: ${sharedFault}.`;
      return { field: `configVariables.${key}`, messages: [message] };
    }
    if (field === undefined)
      return { field: `configVariables.${key}`, messages: [`"${key}" needs a value.`] };
    if (field === RESOURCE_FIELD) {
      const message = `The connection "${key}" needs an on-premise resource${usedBy(steps)}: choose one whose agent runs in the customer's network.`;
      return { field: `configVariables.${key}.${field}`, messages: [message] };
    }
    const where =
      shared === undefined ? aboutTemplate(plan, key) : ` Set it on the shared connection "${shared}".`;
    const message = `The connection "${key}" needs a value for its field "${field}"${usedBy(steps)}.${where}`;
    return { field: `configVariables.${key}.${field}`, messages: [message] };
  });
}

/** Where values may lack because there is no preset of that name. */
function aboutTemplate({ configVars }: Plan, key: string): string {
  const connection = configVars.find((one) => one.key === key)?.connection;
  if (!connection?.template || connection.templateId !== undefined) return '';
  return ` The preset "${connection.template}", which the definition names, is not there.`;
}

async function missingConsents(
  deps: Pick<Deps, 'store' | 'env'>,
  { instance, plan, open, force }: Candidate,
  session: ClientSession,
): Promise<FieldFault[]> {
  const wanted = { owner: { instanceId: instance._id }, plan: instanceLevel(plan), open };
  const pending = force ? [] : await pendingConsents(deps, wanted, session);
  return pending.map(({ key, steps }) => {
    const message = `Nobody has granted access to the connection "${key}" yet${usedBy(steps)}: open its authorize URL, or deploy with \`force\`.`;
    return { field: `configVariables.${key}`, messages: [message] };
  });
}

/** Steps that are named in a message. */
const MOST_STEPS = 5;

function usedBy(steps: string[] = []): string {
  const names = steps.slice(0, MOST_STEPS).map((name) => `"${name}"`);
  if (steps.length > MOST_STEPS) names.push(`${steps.length - MOST_STEPS} more`);
  return names.length === 0 ? '' : `, which ${names.join(', ')} ${steps.length === 1 ? 'uses' : 'use'}`;
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
  const needing = plan.flows.filter(
    (flow) => flow.endpointSecurityType === 'customer_required' && hasCustomerKeys(plan.endpoint, flow),
  );
  if (needing.length === 0) return [];
  const stored = await deps.store.flowConfigs
    .find({ instanceId: instance._id }, null, { session })
    .lean<FlowConfig[]>();
  return needing
    .filter((flow) => !stored.find((one) => one.flowStableKey === flow.stableKey)?.apiKeyDigests.length)
    .map(({ name }) => ({
      field: `flowConfigs.${name}`,
      messages: [`The flow "${name}" needs an API key.`],
    }));
}
