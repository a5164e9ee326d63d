import { readTimeZone } from '../../../definition/time-zone';
import type { PlanConfigVar } from '../../../engine/plan';
import { isGiven } from '../../is-given';
import { checkValue, parseJson } from './check-value';
import { type ConfigVariableInput, connectionFields } from './config-variable-input';
import { FaultCollector } from './fault-collector';
import { readOnPremise } from './on-premise-input';
import type { OpenVariable } from './open-variables';
import { isForCustomers, MASK } from './view-variables';

interface Change {
  configVars: PlanConfigVar[];
  present: Map<string, OpenVariable>;
  inputs: ConfigVariableInput[];
  /** `replace`: what is not given falls back to its default; `patch`: it stays, fields of connections too. */
  mode: 'replace' | 'patch';
  /** Variables that only the organization may set are out of bounds. */
  isCustomerUser: boolean;
}

/** The variables after a change. Throws `invalid_input` with the faults of all variables at once. */
export function applyInputs(change: Change): Map<string, OpenVariable> {
  const { configVars, present, inputs, mode, isCustomerUser } = change;
  const faults = new FaultCollector('configVariables');
  const byKey = new Map(configVars.map((configVar) => [configVar.key, configVar]));
  const isKept = (key: string) => mode === 'patch' || (isCustomerUser && (byKey.get(key)?.orgOnly ?? true));
  const result = new Map([...present].filter(([key]) => isKept(key)));
  const seen = new Set<string>();
  for (const input of inputs) {
    const { key } = input;
    const configVar = byKey.get(key);
    if (!configVar) {
      faults.add(key, `The integration has no config variable "${key}".`);
    } else if (seen.has(key)) {
      faults.add(key, `"${key}" is given twice.`);
    } else if (configVar.orgOnly && isCustomerUser) {
      faults.add(key, `"${key}" can be set by the organization only.`);
    } else {
      const changed = readInput({
        configVar,
        input,
        present: present.get(key),
        mode,
        isCustomerUser,
        faults,
      });
      if (isEmpty(changed)) result.delete(key);
      else result.set(key, changed);
    }
    seen.add(key);
  }
  faults.throwIfAny();
  return result;
}

interface Reading {
  configVar: PlanConfigVar;
  input: ConfigVariableInput;
  present: OpenVariable | undefined;
  mode: 'replace' | 'patch';
  isCustomerUser: boolean;
  faults: FaultCollector;
}

function readInput(reading: Reading): OpenVariable {
  const { configVar, input, faults } = reading;
  const { key } = configVar;
  const empty: OpenVariable = { key, value: null, fields: new Map(), timeZone: null };
  if (configVar.sharedConnection !== undefined) {
    if (input.value || input.onPremiseResourceId || (input.values && input.values !== '[]'))
      faults.add(
        key,
        `"${key}" is the shared connection "${configVar.sharedConnection}": set its values there.`,
      );
    return empty;
  }
  const onPremise = readOnPremise(reading);
  if (configVar.connection) return { ...empty, fields: readFields(reading), ...onPremise };
  if (isGiven(input.values) && input.values !== '') {
    faults.add(key, `"${key}" is no connection: give its value in \`value\`.`);
    return empty;
  }
  const isSchedule = configVar.dataType === 'schedule';
  const isNever = isSchedule && (input.scheduleType === 'none' || input.scheduleType === 'once');
  // Empty text otherwise means "not set"; a schedule may be set to never recur.
  const value = isNever ? '' : input.value || null;
  const problem = value ? checkValue(configVar, value) : undefined;
  if (problem !== undefined) faults.add(key, `"${key}" ${problem}`);
  const zone = isSchedule && input.timeZone ? readTimeZone(input.timeZone) : null;
  if (zone === undefined)
    faults.add(key, `"${key}" names a time zone that is not known, such as Europe/Berlin.`);
  return { ...empty, value, timeZone: zone ?? null };
}

function readFields(reading: Reading): Map<string, string> {
  const { configVar, input, present, isCustomerUser, faults } = reading;
  const { key } = configVar;
  const known = new Map((configVar.connection?.fields ?? []).map((field) => [field.key, field]));
  const result = keptFields(reading);
  if (isGiven(input.value) && input.value !== '') {
    faults.add(key, `"${key}" is a connection: give its fields in \`values\`.`);
  }
  const given = connectionFields.safeParse(parseJson(input.values || '[]'));
  if (!given.success) {
    faults.add(key, `"${key}" wants in \`values\` a JSON list of {"name": …, "type": "value", "value": …}.`);
    return result;
  }
  for (const { name, value } of given.data) {
    const text = !isGiven(value) ? '' : String(value);
    const field = known.get(name);
    if (!field) {
      faults.add(`${key}.${name}`, `The connection "${key}" has no field "${name}".`);
    } else if (isCustomerUser && !isForCustomers(field)) {
      faults.add(`${key}.${name}`, `The field "${name}" of "${key}" can be set by the organization only.`);
    } else if (field.isFixed && !['', MASK, field.value].includes(text)) {
      faults.add(`${key}.${name}`, fixedFault(configVar, name));
    } else if (text !== MASK) {
      // What a reader was shown of a preset comes back: it stays the preset's to change.
      const isShown = (field.isPreset || field.isFixed) && text === field.value;
      if (text === '' || isShown) result.delete(name);
      else result.set(name, text);
    } else {
      // What a reader was shown in place of a secret comes back: the secret stays.
      const secret = present?.fields.get(name);
      if (secret !== undefined) result.set(name, secret);
    }
  }
  return result;
}

/** Said of an address that the secret of a preset is sent to. */
function fixedFault({ key, connection }: PlanConfigVar, name: string): string {
  const preset = connection?.template ?? '';
  return `The field "${name}" of "${key}" is not set on an instance, since the secret of the preset "${preset}" is sent there: give it in the preset or the definition.`;
}

/** The fields that stay unless they are named: those that the user may not set stay in any case. */
function keptFields({ configVar, present, mode, isCustomerUser }: Reading): Map<string, string> {
  if (mode === 'patch') return new Map(present?.fields);
  const kept = (configVar.connection?.fields ?? []).filter(
    (field) => isCustomerUser && !isForCustomers(field),
  );
  return new Map([...(present?.fields ?? [])].filter(([name]) => kept.some((field) => field.key === name)));
}

const isEmpty = ({ value, fields, timeZone, onPremiseResourceId }: OpenVariable) =>
  value === null && fields.size === 0 && timeZone === null && onPremiseResourceId === undefined;
