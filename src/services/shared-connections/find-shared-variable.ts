import type { PlanConfigVar } from '../../engine/plan';
import { notFound } from '../../errors';
import type { Customer } from '../../store/models/customer.model';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import type { Deps } from '../context';
import type { OpenVariable } from '../instances/config/open-variables';
import { sharedValues, variableOf } from './shared-variable';

/** What holds values of a shared connection, as it stands now. */
export interface SharedVariable {
  /** What it is, for people: a label and a text each. */
  about: [label: string, text: string][];
  configVar: PlanConfigVar;
  open: OpenVariable;
}

/** By the id of a shared connection or of a customer's values of one. Throws `not_found`. */
export async function findSharedVariable(
  { store, sealer }: Pick<Deps, 'store' | 'sealer'>,
  id: string,
): Promise<SharedVariable> {
  const own = await store.customerConnections.findById(id).lean<CustomerConnection>();
  const shared = await store.sharedConnections
    .findById(own?.sharedConnectionId ?? id)
    .lean<SharedConnection>();
  if (!shared) throw notFound('The shared connection');
  const customer = own && (await store.customers.findById(own.customerId).lean<Customer>());
  return {
    about: [
      ['Shared connection', shared.name],
      ...(customer ? [['Customer', customer.name] satisfies [string, string]] : []),
    ],
    configVar: variableOf(shared),
    open: sharedValues(sealer, shared, own),
  };
}
