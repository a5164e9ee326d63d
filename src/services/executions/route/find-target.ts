import type { Plan } from '../../../engine/plan';
import { AppError } from '../../../errors';
import { indexedText } from '../../../store/indexed-text';
import type { RunUser } from '../../../store/models/execution.model';
import type { Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { flowConfigIdOf } from '../../ids';
import { hasUserLevel } from '../../instances/config/levels';
import { loadPlan } from '../../plans/load-plan';
import { chooseUser } from '../../user-configs/choose-user';
import type { SharedAddress } from './find-shared-address';
import type { RoutingField, RoutingFields } from './routing-fields';

/** Where a delivery at a shared address goes, and whose values it runs with. */
export interface Target {
  flowConfigId: string;
  /** Absent where it names no user, or users have no values of their own. */
  user?: RunUser;
}

/** Finds it. Refuses with `route_not_found`, saying what lacks. */
export async function findTarget(
  deps: Deps,
  address: SharedAddress,
  { flowName, externalCustomerId, externalCustomerUserId }: RoutingFields,
): Promise<Target> {
  const isOfInstance = address.endpoint.type === 'instance_specific';
  const found = isOfInstance
    ? { instanceId: address.home._id, plan: address.plan }
    : await instanceOfCustomer(deps, address, externalCustomerId);
  const { preprocessFlow, flowName: path } = address.endpoint;
  const flows = found.plan.flows.filter(({ stableKey }) => stableKey !== preprocessFlow);
  // An endpoint without a field for the flow's name has one flow to go to.
  const wanted = path === undefined && flows.length === 1 ? flows[0]?.name : named(flowName, 'flow');
  if (wanted === undefined) throw notRouted('The delivery names no flow.');
  const flow = flows.find(({ name }) => name === wanted);
  if (!flow) throw notRouted(`The delivery names flow "${shown(wanted)}", which is not there.`);
  const flowConfigId = flowConfigIdOf(found.instanceId, flow.stableKey);
  if (!hasUserLevel(found.plan)) return { flowConfigId };
  const userId = named(externalCustomerUserId, 'user');
  if (userId === undefined) return { flowConfigId };
  return { flowConfigId, user: await chooseUser(deps, found, userId, shown(userId)) };
}

/** What the delivery names, if it names one; refuses what can be no name rather than taking it for none. */
function named(field: RoutingField, what: string): string | undefined {
  if (typeof field !== 'object') return field;
  throw notRouted(`The delivery names its ${what} by ${field.unusable}; send a text or a number.`);
}

async function instanceOfCustomer(
  deps: Deps,
  { integrationId, organizationId }: SharedAddress,
  field: RoutingField,
): Promise<{ instanceId: string; plan: Plan }> {
  const externalId = named(field, 'customer');
  if (externalId === undefined) throw notRouted('The delivery names no customer.');
  const who = `The delivery names customer "${shown(externalId)}"`;
  const customer = await deps.store.customers
    .findOne({ organizationId, externalId: indexedText(externalId) }, { _id: 1 })
    .lean();
  if (!customer) throw notRouted(`${who}, who is not known.`);
  const instances = await deps.store.instances
    .find(
      { integrationId, customerId: customer._id, isSystem: false, enabled: true, deployment: { $ne: null } },
      { deployment: 1 },
    )
    .limit(2)
    .lean<Pick<Instance, '_id' | 'deployment'>[]>();
  const [instance, another] = instances;
  if (!instance?.deployment) throw notRouted(`${who}, who has no running instance of this integration.`);
  if (another)
    throw notRouted(`${who}, who has several running instances of this integration; pause all but one.`);
  return { instanceId: instance._id, plan: await loadPlan(deps, instance.deployment.planId) };
}

const notRouted = (message: string) => new AppError('route_not_found', message);
const shown = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
