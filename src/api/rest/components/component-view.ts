import { z } from 'zod';
import type { ActionManifest, ConnectionManifest, InputManifest } from '../../../components/manifest';
import { statusOf } from '../../../services/components/component-status';
import type { ComponentVersion } from '../../../store/models/component-version.model';
import { id, time, timeText } from '../fields';

const summaryFields = {
  id: id.describe('Of this version of the component.'),
  key: z.string(),
  isPublic: z.boolean(),
  versionNumber: z.int(),
  label: z.string(),
  description: z.string(),
  category: z.string().nullable(),
  status: z
    .enum(['pending', 'ready', 'refused'])
    .describe('Only a version that is `ready` can be used: its package arrived and passed its checks.'),
  statusReason: z.string().describe('Why it is not ready; empty otherwise.'),
  isLatest: z.boolean().describe('The newest version that is ready.'),
  signature: z.string().describe('Hex SHA-1 of the package; empty while none was accepted.'),
  customerId: id.nullable().describe('Set for a component that one customer alone may use.'),
  isCodeNative: z.boolean().describe('The code of a code-native integration.'),
  comment: z.string(),
  attributes: z.string().nullable().describe('JSON text: commit hash and the like.'),
  createdAt: time,
};

const input = z
  .object({
    key: z.string(),
    label: z.string(),
    type: z.string(),
    collection: z.enum(['valuelist', 'keyvaluelist']).nullable(),
    isRequired: z.boolean(),
    default: z.unknown().describe('Null for none.'),
    comments: z.string().nullable(),
    choices: z.array(z.object({ label: z.string(), value: z.string() })).nullable(),
  })
  .meta({ id: 'ComponentInput' });

const action = z
  .object({ key: z.string(), label: z.string(), description: z.string(), inputs: z.array(input) })
  .meta({ id: 'ComponentAction' });

export const componentSummary = z.object(summaryFields).meta({ id: 'ComponentSummary' });
export const componentView = z
  .object({
    ...summaryFields,
    actions: z.array(action),
    triggers: z.array(action),
    dataSources: z.array(action),
    connections: z.array(z.object({ key: z.string(), label: z.string(), inputs: z.array(input) })),
  })
  .meta({ id: 'Component' });

export function presentComponentSummary(version: ComponentVersion): z.input<typeof componentSummary> {
  const { display } = version.manifest;
  const { status, reason } = statusOf(version);
  return {
    id: version._id,
    key: version.key,
    isPublic: version.isPublic,
    versionNumber: version.versionNumber,
    label: display.label,
    description: display.description,
    category: display.category ?? null,
    status,
    statusReason: reason,
    isLatest: version.isLatest,
    signature: version.signature,
    customerId: version.customerId ?? null,
    isCodeNative: version.isCodeNative ?? false,
    comment: version.comment ?? '',
    attributes: version.attributes ?? null,
    createdAt: timeText(version.createdAt),
  };
}

/** With all that a definition may name of it. */
export function presentComponent(version: ComponentVersion): z.input<typeof componentView> {
  const { manifest } = version;
  return {
    ...presentComponentSummary(version),
    actions: Object.values(manifest.actions).map(presentAction),
    triggers: Object.values(manifest.triggers).map(presentAction),
    dataSources: Object.values(manifest.dataSources).map(presentAction),
    connections: manifest.connections.map(presentConnection),
  };
}

function presentAction(manifest: ActionManifest): z.input<typeof action> {
  const { key, label, description } = manifest;
  return { key, label, description, inputs: manifest.inputs.map(presentInput) };
}

function presentConnection(manifest: ConnectionManifest) {
  return { key: manifest.key, label: manifest.label, inputs: manifest.inputs.map(presentInput) };
}

function presentInput(manifest: InputManifest): z.input<typeof input> {
  return {
    key: manifest.key,
    label: manifest.label,
    type: manifest.type,
    collection: manifest.collection ?? null,
    isRequired: manifest.required ?? false,
    default: manifest.default ?? null,
    comments: manifest.comments ?? null,
    choices: manifest.model ?? null,
  };
}
