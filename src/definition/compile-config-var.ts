import type { PlanConfigVar, PlanConnection, PlanConnectionField } from '../engine/plan';
import { pinComponent } from './compile-step';
import { type ComponentLookup, componentReference } from './component-lookup';
import { readInput } from './input-tree';
import { ownEntry } from './mapping';
import type { ConfigVar } from './schema';
import { readTimeZone } from './time-zone';

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  return JSON.stringify(value);
};

function compileConnection(configVar: ConfigVar, lookup: ComponentLookup): PlanConnection | undefined {
  const { connection } = configVar;
  if (connection === undefined || configVar.dataType !== 'connection') return undefined;
  const found = lookup(componentReference(connection.component));
  const connections = 'manifest' in found ? found.manifest.connections : [];
  const declared = connections.find(({ key }) => key === connection.key);
  const fields = (declared?.inputs ?? []).map((field): PlanConnectionField => {
    const given = ownEntry(configVar.inputs, field.key);
    const tree = given === undefined ? undefined : readInput(given, []);
    // A template keeps its text: it is filled when the connection is used, from the values of the other fields.
    const value = tree !== undefined && 'text' in tree ? tree.text : textOf(field.default);
    return {
      key: field.key,
      type: field.type,
      required: field.required === true,
      ...(value === undefined ? {} : { value }),
    };
  });
  return { key: connection.key, component: pinComponent(connection.component, lookup), fields };
}

/** Compiles one config variable of a definition that has been checked. */
export function compileConfigVar(configVar: ConfigVar, lookup: ComponentLookup): PlanConfigVar {
  const { key, collectionType, description, pickList } = configVar;
  const defaultValue = textOf(configVar.value) || textOf(configVar.defaultValue);
  const timeZone = readTimeZone(configVar.timeZone ?? '') ?? 'UTC';
  const connection = compileConnection(configVar, lookup);
  return {
    key,
    stableKey: configVar.stableKey ?? key,
    dataType: configVar.dataType.toLowerCase(),
    ...(collectionType === undefined ? {} : { collectionType }),
    ...(defaultValue ? { defaultValue } : {}),
    ...(description === undefined ? {} : { description }),
    ...(pickList === undefined ? {} : { pickList }),
    orgOnly: configVar.orgOnly,
    ...(configVar.dataType === 'schedule' && timeZone !== 'UTC' ? { timeZone } : {}),
    ...(connection === undefined ? {} : { connection }),
  };
}
