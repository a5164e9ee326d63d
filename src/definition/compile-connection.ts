import type { InputManifest } from '../components/manifest';
import type { PlanConnection, PlanConnectionField, PlanInput } from '../engine/plan';
import { compileInput } from './compile-input';
import { pinComponent } from './compile-step';
import { type ComponentLookup, componentReference } from './component-lookup';
import { type InputTree, readInput } from './input-tree';
import { jsonText } from './json-text';
import { ownEntry } from './mapping';
import { setBy, visibleToOrganization } from './permission';
import type { ConfigVar } from './schema';

/** A compiled input as plain data; what fields take from elsewhere is left to the instance. */
function constant(input: PlanInput): unknown {
  if (input.kind === 'value') return input.value;
  if (input.kind === 'list') return input.items.map(constant);
  if (input.kind !== 'pairs') return '';
  return input.items.map(({ name, value }) => ({ key: constant(name), value: constant(value) }));
}

function textOf(tree: InputTree, field: InputManifest): string | undefined {
  if (tree.type === 'value' || tree.type === 'template') return tree.text;
  return tree.type === 'list' ? jsonText(constant(compileInput(tree, field))) : undefined;
}

function fieldValue(
  configVar: ConfigVar,
  field: InputManifest,
): Pick<PlanConnectionField, 'value' | 'isTemplate' | 'isDefault'> {
  const given = ownEntry(configVar.inputs, field.key);
  const tree = given === undefined ? undefined : readInput(given, []);
  // A template keeps its text: it is filled when the connection is used, from the values of the other fields.
  const isTemplate = tree?.type === 'template' || field.type === 'template';
  const value = tree === undefined ? jsonText(field.default) : textOf(tree, field);
  const isDefault = tree === undefined && configVar.connection?.template && value;
  return {
    ...(value === undefined ? {} : { value }),
    ...(isDefault ? { isDefault: true } : {}),
    ...(isTemplate && value?.includes('{{') === true ? { isTemplate: true } : {}),
  };
}

function compileField(configVar: ConfigVar, field: InputManifest): PlanConnectionField {
  const meta = ownEntry(configVar.inputs, field.key)?.meta;
  return {
    key: field.key,
    type: field.type,
    required: field.required === true,
    ...(field.collection === undefined ? {} : { collection: field.collection }),
    ...fieldValue(configVar, field),
    ...(meta === undefined ? {} : { setBy: setBy(meta.orgOnly ?? configVar.orgOnly, meta) }),
    ...(meta === undefined || visibleToOrganization(meta) ? {} : { visibleToOrganization: false }),
    ...(meta?.writeOnly === true ? { isWriteOnly: true } : {}),
  };
}

const OAUTH = ['authorization_code', 'client_credentials'] as const;

/** Compiles the connection of a config variable that is one and names its kind. */
export function compileConnection(configVar: ConfigVar, lookup: ComponentLookup): PlanConnection | undefined {
  const { connection, dataType, meta } = configVar;
  if (connection === undefined || dataType !== 'connection') return undefined;
  const found = lookup(componentReference(connection.component));
  const connections = 'manifest' in found ? found.manifest.connections : [];
  const declared = connections.find(({ key }) => key === connection.key);
  const oauth2Type = OAUTH.find((type) => type === declared?.oauth2Type);
  const known = declared?.inputs ?? [];
  const others = Object.keys(configVar.inputs)
    .filter((key) => !known.some((field) => field.key === key))
    .map((key): InputManifest => ({ key, label: key, type: 'string' }));
  return {
    key: connection.key,
    component: pinComponent(connection.component, lookup),
    ...(oauth2Type === undefined ? {} : { oauth2Type }),
    ...(declared?.oauth2PkceMethod === undefined ? {} : { oauth2PkceMethod: declared.oauth2PkceMethod }),
    ...(connection.template ? { template: connection.template } : {}),
    ...(meta?.oAuthSuccessRedirectUri ? { successRedirectUri: meta.oAuthSuccessRedirectUri } : {}),
    ...(meta?.oAuthFailureRedirectUri ? { failureRedirectUri: meta.oAuthFailureRedirectUri } : {}),
    fields: [...known, ...others].map((field) => compileField(configVar, field)),
  };
}
