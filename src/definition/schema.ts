import { z } from 'zod';
import { ConfigPageSchema, ConfigVarSchema } from './schema-config-var';
import { FlowSchema } from './schema-flow';
import { FieldSchema } from './schema-input';

const Renames = z.array(z.looseObject({ oldName: z.string(), newName: z.string() })).default([]);

/** A whole definition; keys that it does not name are kept. */
export const DefinitionSchema = z.looseObject({
  definitionVersion: z.union([z.literal(6), z.literal(7)]).describe('Version of this format.'),
  name: z
    .string()
    .meta({ description: 'An import without an id changes the integration of this name.', pattern: '\\S' }),
  description: z.string().default(''),
  documentation: z.string().default('').describe('Markdown, for users.'),
  category: z.string().default(''),
  labels: z.array(z.string()).default([]),
  defaultInstanceProfile: z
    .string()
    .optional()
    .describe('Name of the instance profile that new instances get.'),
  endpointType: z
    .enum(['flow_specific', 'instance_specific', 'shared_instance'])
    .default('flow_specific')
    .describe('Who has a webhook address: each flow, each instance, or the integration.'),
  preprocessFlowName: z.string().optional().describe('The flow that runs first for a shared address.'),
  flowNameField: FieldSchema.optional(),
  externalCustomerIdField: FieldSchema.optional(),
  externalCustomerUserIdField: FieldSchema.optional(),
  isSynchronous: z.boolean().optional(),
  isCodeNative: z.boolean().default(false),
  requiredConfigVars: z.array(ConfigVarSchema).default([]).describe('The config variables.'),
  configPages: z.array(ConfigPageSchema).default([]),
  renameAttributes: z
    .looseObject({ requiredConfigVars: Renames, flows: Renames })
    .optional()
    .describe('What was renamed since the last import, so that it keeps its identity and data.'),
  flows: z.array(FlowSchema).meta({ minItems: 1 }),
});

export type Definition = z.infer<typeof DefinitionSchema>;
export { type ConfigVar, ConfigVarSchema } from './schema-config-var';
export { type Flow, FlowSchema, type Step, StepSchema } from './schema-flow';
export { type ComponentUse, type Field, INPUT_TYPES, type Input } from './schema-input';
