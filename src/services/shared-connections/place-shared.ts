import type { ClientSession } from 'mongoose';
import type { Plan, PlanConfigVar } from '../../engine/plan';
import { notFound } from '../../errors';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { Instance } from '../../store/models/instance.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import type { Deps } from '../context';
import type { OpenVariable } from '../instances/config/open-variables';
import { connectionTypeOf, sharedValues } from './shared-variable';

type PlaceDeps = Pick<Deps, 'store' | 'sealer'>;

/** A configuration in which shared connections stand like the instance's own. */
export interface Placed<P> {
  plan: P;
  open: Map<string, OpenVariable>;
}

/**
 * Puts the shared connections that a plan names in place, as they stand now: their type and their fields, for the
 * instance's organization and customer and nobody else's. One that is not there has no connection but a
 * `sharedFault`. Asks for nothing where the plan names none.
 */
export async function placeShared<P extends Pick<Plan, 'configVars'>>(
  deps: PlaceDeps,
  instanceId: string,
  plan: P,
  open: Map<string, OpenVariable>,
  session: ClientSession | null = null,
): Promise<Placed<P>> {
  const stableKeys = sharedKeysOf(plan);
  if (stableKeys.length === 0) return { plan, open };
  const find = await readShared(deps, instanceId, stableKeys, session);
  const placed = new Map(open);
  const configVars = plan.configVars.map((configVar) => {
    if (configVar.sharedConnection === undefined) return configVar;
    const { connection, values } = find(configVar.sharedConnection);
    placed.set(configVar.key, { ...values, key: configVar.key });
    return withType(configVar, connection);
  });
  return { plan: { ...plan, configVars }, open: placed };
}

/** The stable keys of the shared connections that a plan names. */
export function sharedKeysOf({ configVars }: Pick<Plan, 'configVars'>): string[] {
  return [...new Set(configVars.flatMap(({ sharedConnection }) => sharedConnection ?? []))];
}

/** Its values are nobody's own: not an end user's either. */
function withType(
  { connection: _own, isUserLevel: _level, ...configVar }: PlanConfigVar,
  connection: PlanConfigVar['connection'],
): PlanConfigVar {
  return connection ? { ...configVar, connection } : configVar;
}

interface Found {
  connection?: PlanConfigVar['connection'];
  values: OpenVariable;
}

async function readShared(
  { store, sealer }: PlaceDeps,
  instanceId: string,
  stableKeys: string[],
  session: ClientSession | null,
): Promise<(stableKey: string) => Found> {
  const instance = await store.instances
    .findById(instanceId, { organizationId: 1, customerId: 1 }, { session })
    .lean<Pick<Instance, 'organizationId' | 'customerId'>>();
  if (!instance) throw notFound('The instance');
  const { organizationId, customerId } = instance;
  const all = await store.sharedConnections
    .find({ organizationId, stableKey: { $in: stableKeys } }, null, { session })
    .lean<SharedConnection[]>();
  const ofCustomer = await store.customerConnections
    .find({ customerId, sharedConnectionId: { $in: all.map(({ _id }) => _id) } }, null, { session })
    .lean<CustomerConnection[]>();
  return (stableKey) => {
    const shared = all.find((one) => one.stableKey === stableKey);
    if (!shared) {
      const fault = `the organization has no shared connection with the stable key "${stableKey}"`;
      return { values: nothing(fault) };
    }
    // The test instance of an integration is nobody's: it has what the organization filled in.
    if (shared.variableScope === 'org' || customerId === null)
      return { connection: connectionTypeOf(shared), values: sharedValues(sealer, shared, null) };
    const own = ofCustomer.find((one) => one.sharedConnectionId === shared._id);
    if (own) return { connection: connectionTypeOf(shared), values: sharedValues(sealer, shared, own) };
    const fault = `the shared connection "${shared.name}" (${stableKey}) has no values for this customer`;
    return { values: nothing(fault) };
  };
}

const nothing = (sharedFault: string): OpenVariable => ({
  key: '',
  value: null,
  fields: new Map(),
  timeZone: null,
  sharedFault,
});
