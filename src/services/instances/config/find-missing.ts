import type { PlanConfigVar } from '../../../engine/plan';
import type { OpenVariable } from './open-variables';

/** A place that has no value though it needs one. */
export interface MissingValue {
  key: string;
  /** For a connection. */
  field?: string;
}

/** Every variable, and every field of a connection, that must be set before a deploy. */
export function findMissing(configVars: PlanConfigVar[], open: Map<string, OpenVariable>): MissingValue[] {
  return configVars.flatMap((configVar) => missingOf(configVar, open.get(configVar.key)));
}

/** The same for one variable. */
export function missingOf(configVar: PlanConfigVar, open: OpenVariable | undefined): MissingValue[] {
  const { key, connection, dataType, defaultValue } = configVar;
  if (connection) {
    return connection.fields
      .filter((field) => field.required && (open?.fields.get(field.key) ?? field.value ?? '') === '')
      .map((field) => ({ key, field: field.key }));
  }
  if (dataType === 'htmlelement') return [];
  if (dataType === 'schedule' && open?.value === '') return [];
  return (open?.value ?? defaultValue ?? '') === '' ? [{ key }] : [];
}

/** Whether a deploy can be refused because of it. */
export function isRequired({ connection, dataType, defaultValue }: PlanConfigVar): boolean {
  if (connection) return connection.fields.some((field) => field.required && (field.value ?? '') === '');
  return dataType !== 'htmlelement' && (defaultValue ?? '') === '';
}
