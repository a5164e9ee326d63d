import type { ClientSession } from 'mongoose';
import type { z } from 'zod';
import type { PlanConnection } from '../../engine/plan';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import type { Deps } from '../context';
import type { FaultCollector } from '../instances/config/fault-collector';
import { emptyFields } from '../instances/config/find-missing';
import type { fieldsInput } from './apply-fields';
import { connectionTypeOf, variableOf } from './shared-variable';

/** A shared connection on its way to another version. */
interface Move {
  present: SharedConnection;
  /** Its kind in the other version of its component. */
  type: PlanConnection;
  /** Its own, opened. */
  fields: Map<string, string>;
  /** Those of the same change. */
  given: z.output<typeof fieldsInput>;
}

/**
 * What a shared connection keeps of its fields, and of the change, in another version of its component. A value whose
 * field is not there is given up where the change empties it, customers' values of it too; else it is a fault, and so
 * is a required field of the other version that would be left without a value. Within a transaction.
 */
export async function moveVersion(
  deps: Pick<Deps, 'store'>,
  { present, type, fields: before, given }: Move,
  faults: FaultCollector,
  session: ClientSession,
): Promise<{ fields: Map<string, string>; given: Move['given'] }> {
  const isKnown = (name: string) => type.fields.some(({ key }) => key === name);
  const isEmptied = (name: string) => given.some((one) => one.name === name && isEmpty(one));
  const ofCustomers = await deps.store.customerConnections
    .find({ sharedConnectionId: present._id }, { sealedInputs: 1 }, { session })
    .lean<Pick<CustomerConnection, '_id' | 'sealedInputs'>[]>();
  const lost = lostFields(before, ofCustomers, isKnown);
  for (const one of lost) if (!isEmptied(one.name)) faults.add(one.name, lostFault(one, type));
  const fields = new Map([...before].filter(([name]) => isKnown(name)));
  for (const key of newlyMissing(present, type, { before, fields, given }))
    faults.add(
      key,
      `Version ${type.component.version} requires a value for "${key}": give it in the same change.`,
    );
  const names = lost.map(({ name }) => name);
  await dropOfCustomers(deps, present._id, names, session);
  const former = new Set([...names, ...connectionTypeOf(present).fields.map(({ key }) => key)]);
  // Emptying what is not there any more is no fault.
  return {
    fields,
    given: given.filter((one) => isKnown(one.name) || !isEmpty(one) || !former.has(one.name)),
  };
}

const isEmpty = ({ value }: Move['given'][number]): boolean => String(value ?? '') === '';

interface Lost {
  name: string;
  isOwn: boolean;
  /** How many customers have a value of it. */
  customers: number;
}

function lostFields(
  own: Map<string, string>,
  ofCustomers: Pick<CustomerConnection, 'sealedInputs'>[],
  isKnown: (name: string) => boolean,
): Lost[] {
  const theirs = ofCustomers.flatMap(({ sealedInputs }) => sealedInputs.map(({ name }) => name));
  const names = [...new Set([...own.keys(), ...theirs])].filter((name) => !isKnown(name));
  return names.map((name) => ({
    name,
    isOwn: own.has(name),
    customers: theirs.filter((one) => one === name).length,
  }));
}

function lostFault({ name, isOwn, customers }: Lost, { component }: PlanConnection): string {
  const theirs = customers === 1 ? 'one customer has' : `${customers} customers have`;
  const who = [...(isOwn ? ['it has'] : []), ...(customers > 0 ? [theirs] : [])].join(', and ');
  return `Version ${component.version} has no field "${name}", for which ${who} a value: give it empty in the same change to drop that.`;
}

/** Where each customer has values, what is missing shows in their status. */
function newlyMissing(
  present: SharedConnection,
  type: PlanConnection,
  { before, fields, given }: Pick<Move, 'fields' | 'given'> & { before: Map<string, string> },
): string[] {
  if (present.variableScope === 'customer') return [];
  const open = (values: Map<string, string>) => ({ key: '', value: null, fields: values, timeZone: null });
  const variable = variableOf(present);
  const missingBefore = emptyFields(variable, open(before));
  const after = new Map(fields);
  for (const one of given) {
    if (isEmpty(one)) after.delete(one.name);
    else after.set(one.name, String(one.value));
  }
  return emptyFields({ ...variable, connection: type }, open(after)).filter(
    (key) => !missingBefore.includes(key),
  );
}

async function dropOfCustomers(
  { store }: Pick<Deps, 'store'>,
  sharedConnectionId: string,
  names: string[],
  session: ClientSession,
): Promise<void> {
  if (names.length === 0) return;
  await store.customerConnections.updateMany(
    { sharedConnectionId },
    { $pull: { sealedInputs: { name: { $in: names } } } },
    { session },
  );
}
