import type { PlanConfigVar, PlanConnection } from '../../engine/plan';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { SealedField, SharedConnection } from '../../store/models/shared-connection.model';
import type { Sealer } from '../../store/sealer';
import type { OpenVariable } from '../instances/config/open-variables';

/** The connection type of a shared connection, as plans hold it. */
export function connectionTypeOf(shared: SharedConnection): PlanConnection {
  return JSON.parse(shared.connection) as PlanConnection;
}

/** The config variable that a shared connection would be, named as it is. */
export function variableOf(shared: SharedConnection): PlanConfigVar & { connection: PlanConnection } {
  const { name, stableKey } = shared;
  const connection = connectionTypeOf(shared);
  return {
    key: name,
    stableKey,
    dataType: 'connection',
    orgOnly: false,
    connection,
    sharedConnection: stableKey,
  };
}

/** The fields that were set, readable; a customer's count over those of the organization. */
export function sharedValues(
  sealer: Sealer,
  shared: SharedConnection,
  own: CustomerConnection | null,
): OpenVariable & Required<Pick<OpenVariable, 'shared'>> {
  return {
    key: shared.name,
    value: null,
    fields: new Map([
      ...openFields(sealer, shared.sealedInputs),
      ...openFields(sealer, own?.sealedInputs ?? []),
    ]),
    timeZone: null,
    shared: { id: own?._id ?? shared._id, isSetByCustomers: shared.managedBy === 'customer' },
  };
}

/** Unseals the fields of a connection, by name. */
export function openFields(sealer: Sealer, sealed: SealedField[]): Map<string, string> {
  return new Map(sealed.map(({ name, sealedValue }) => [name, sealer.open(sealedValue)]));
}

/** Seals them for storing. */
export function sealFields(sealer: Sealer, fields: Map<string, string>): SealedField[] {
  return [...fields].map(([name, text]) => ({ name, sealedValue: sealer.seal(text) }));
}
