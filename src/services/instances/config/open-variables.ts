import type { StoredConfigVariable } from '../../../store/models/instance.model';
import type { Sealer } from '../../../store/sealer';

/** A config variable as it was set by hand, readable. */
export interface OpenVariable {
  key: string;
  /** Null when unset: the default counts. Empty for a schedule that is set never to recur. */
  value: string | null;
  /** Connections: the fields that were set. */
  fields: Map<string, string>;
  timeZone: string | null;
  /** Connections: the on-premise resource whose agent stands for host and port; absent for none. */
  onPremiseResourceId?: string;
  /** Set where a shared connection takes the place of own values: what holds them, and whose they are to set. */
  shared?: { id: string; isSetByCustomers: boolean };
  /** Why it cannot: part of a sentence. */
  sharedFault?: string;
}

/** Unseals config variables, by key. Throws when the key that sealed one is no longer configured. */
export function openVariables(sealer: Sealer, stored: StoredConfigVariable[]): Map<string, OpenVariable> {
  return new Map(
    stored.map(({ key, sealedValue, sealedInputs, timeZone, onPremiseResourceId }) => [
      key,
      {
        key,
        value: sealedValue === null ? null : sealer.open(sealedValue),
        fields: new Map(sealedInputs.map(({ name, sealedValue: sealed }) => [name, sealer.open(sealed)])),
        timeZone,
        ...(onPremiseResourceId && { onPremiseResourceId }),
      },
    ]),
  );
}

/** Seals config variables for storing; the inverse of {@link openVariables}. */
export function sealVariables(sealer: Sealer, variables: Iterable<OpenVariable>): StoredConfigVariable[] {
  return [...variables].map(({ key, value, fields, timeZone, onPremiseResourceId }) => ({
    key,
    sealedValue: value === null ? null : sealer.seal(value),
    sealedInputs: [...fields].map(([name, text]) => ({ name, sealedValue: sealer.seal(text) })),
    timeZone,
    ...(onPremiseResourceId && { onPremiseResourceId }),
  }));
}
