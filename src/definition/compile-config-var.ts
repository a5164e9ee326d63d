import type { PlanConfigVar, PlanDataSource } from '../engine/plan';
import { compileConnection } from './compile-connection';
import { compileInput, defaultInput } from './compile-input';
import { pinComponent } from './compile-step';
import { type ComponentLookup, componentReference } from './component-lookup';
import { readInput } from './input-tree';
import { jsonText } from './json-text';
import { ownEntry } from './mapping';
import { setBy, visibleToOrganization } from './permission';
import type { ConfigVar } from './schema';
import { readTimeZone } from './time-zone';

function compileDataSource(
  { dataSource, inputs }: ConfigVar,
  lookup: ComponentLookup,
): PlanDataSource | undefined {
  if (dataSource === undefined) return undefined;
  const found = lookup(componentReference(dataSource.component));
  const declared = 'manifest' in found ? ownEntry(found.manifest.dataSources, dataSource.key) : undefined;
  const compiled = (declared?.inputs ?? []).flatMap((input) => {
    const given = ownEntry(inputs, input.key);
    const value = given === undefined ? defaultInput(input) : compileInput(readInput(given, []), input);
    return value === undefined ? [] : [[input.key, value] as const];
  });
  return {
    key: dataSource.key,
    component: pinComponent(dataSource.component, lookup),
    inputs: Object.fromEntries(compiled),
  };
}

/** Shared connections are set up elsewhere, for many instances: none has an agent of its own. */
function onPremiseOf({
  onPremiseConnectionConfig: given,
  useScopedConfigVar,
}: ConfigVar): Pick<PlanConfigVar, 'onPremise'> {
  return given === undefined || given === 'disallowed' || useScopedConfigVar ? {} : { onPremise: given };
}

/** Compiles one config variable of a definition that has been checked. */
export function compileConfigVar(
  configVar: ConfigVar,
  stableKey: string,
  lookup: ComponentLookup,
): PlanConfigVar {
  const { key, collectionType, description, pickList, codeLanguage, meta, useScopedConfigVar, scheduleType } =
    configVar;
  const defaultValue = jsonText(configVar.value) || jsonText(configVar.defaultValue);
  const timeZone = readTimeZone(configVar.timeZone ?? '') ?? 'UTC';
  const connection = compileConnection(configVar, lookup);
  const dataSource = compileDataSource(configVar, lookup);
  return {
    key,
    stableKey,
    // A credential is what connections were before they had kinds.
    dataType: configVar.dataType === 'credential' ? 'connection' : configVar.dataType.toLowerCase(),
    ...(collectionType === undefined ? {} : { collectionType }),
    ...(defaultValue ? { defaultValue } : {}),
    ...(description === undefined ? {} : { description }),
    ...(pickList === undefined ? {} : { pickList }),
    orgOnly: configVar.orgOnly,
    setBy: setBy(configVar.orgOnly, meta),
    ...(visibleToOrganization(meta) ? {} : { visibleToOrganization: false }),
    ...(codeLanguage === undefined ? {} : { codeLanguage }),
    ...(dataSource === undefined ? {} : { dataSource }),
    ...(meta?.validationMode === undefined ? {} : { validationMode: meta.validationMode }),
    ...(meta?.dataSourceReset === undefined ? {} : { dataSourceReset: meta.dataSourceReset }),
    ...(configVar.dataType === 'schedule' && timeZone !== 'UTC' ? { timeZone } : {}),
    ...(configVar.dataType === 'schedule' && scheduleType !== undefined ? { scheduleType } : {}),
    ...(connection === undefined ? {} : { connection, ...onPremiseOf(configVar) }),
    ...(useScopedConfigVar ? { sharedConnection: useScopedConfigVar } : {}),
  };
}
