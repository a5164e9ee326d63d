import type { ClientSession } from 'mongoose';
import type { FieldFault } from '../../errors';
import type { Deps } from '../context';
import type { OpenVariable } from '../instances/config/open-variables';
import { invalidInput } from '../parse-input';

/** Whose instance it is, and what it has. */
interface Chosen {
  organizationId: string;
  /** Null for the test instance of an integration. */
  customerId: string | null;
  open: Map<string, OpenVariable>;
}

/** The variables with an on-premise resource that is not there, or is another customer's. */
export async function resourceFaults(
  { store }: Pick<Deps, 'store'>,
  { organizationId, customerId, open }: Chosen,
  session: ClientSession | null,
  owners: (string | null)[] = [customerId, null],
): Promise<FieldFault[]> {
  const chosen = [...open.values()].filter(({ onPremiseResourceId }) => onPremiseResourceId !== undefined);
  if (chosen.length === 0) return [];
  const ids = chosen.flatMap(({ onPremiseResourceId }) => onPremiseResourceId ?? []);
  const found = await store.onPremiseResources
    .find({ _id: { $in: ids }, organizationId, customerId: { $in: owners } }, { _id: 1 }, { session })
    .lean<{ _id: string }[]>();
  return chosen
    .filter(({ onPremiseResourceId }) => !found.some(({ _id }) => _id === onPremiseResourceId))
    .map(({ key, onPremiseResourceId }) => ({
      field: `configVariables.${key}.onPremiseResourceId`,
      messages: [
        `The on-premise resource ${onPremiseResourceId} of "${key}" is not there for this customer: choose another one.`,
      ],
    }));
}

/**
 * Throws `invalid_input` when a change chooses a resource that is not there for the instance's customer, or that its
 * author may not know of: users of a customer choose that customer's only.
 */
export async function checkChosen(
  deps: Pick<Deps, 'store'>,
  instance: Omit<Chosen, 'open'>,
  change: { before: Map<string, OpenVariable>; after: Map<string, OpenVariable>; isCustomerUser: boolean },
  session: ClientSession | null = null,
): Promise<void> {
  const { before, after, isCustomerUser } = change;
  // At another connection of the instance it is a choice, too.
  const isNew = ([key, { onPremiseResourceId }]: [string, OpenVariable]) =>
    before.get(key)?.onPremiseResourceId !== onPremiseResourceId;
  const open = new Map([...after].filter(isNew));
  const owners = isCustomerUser ? [instance.customerId] : [instance.customerId, null];
  const faults = await resourceFaults(deps, { ...instance, open }, session, owners);
  if (faults.length > 0) throw invalidInput(faults);
}
