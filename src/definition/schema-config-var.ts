import { z } from 'zod';
import { INPUT_RULES } from './json-schema-inputs';
import { ActionSchema, InputSchema, SCHEDULE_TYPES } from './schema-input';

const Visibility = z.looseObject({
  visibleToCustomerDeployer: z.boolean().optional(),
  visibleToOrgDeployer: z.boolean().optional(),
  isVisibleToCustomerDeployer: z.boolean().optional().describe('Older spelling.'),
  isVisibleToOrgDeployer: z.boolean().optional().describe('Older spelling.'),
});

const Meta = Visibility.extend({
  oAuthSuccessRedirectUri: z.string().optional(),
  oAuthFailureRedirectUri: z.string().optional(),
  validationMode: z.string().optional(),
  dataSourceReset: z.string().optional(),
}).optional();

const FieldMeta = Visibility.extend({
  orgOnly: z.boolean().optional(),
  writeOnly: z.boolean().optional(),
}).optional();

/** Data types of config variables, in the definition's spelling. */
export const DATA_TYPES = [
  'string',
  'picklist',
  'number',
  'boolean',
  'date',
  'timestamp',
  'schedule',
  'code',
  'jsonForm',
  'objectSelection',
  'objectFieldMap',
  'htmlElement',
  'connection',
  'credential',
] as const;

const BY_LOWER_CASE = new Map(DATA_TYPES.map((name) => [name.toLowerCase(), name]));

/** One config variable. */
export const ConfigVarSchema = z.looseObject({
  key: z.string().meta({ description: 'Its name; inputs, templates and code refer to it.', pattern: '\\S' }),
  stableKey: z.string().optional().describe('Identity that survives renames.'),
  dataType: z
    .preprocess(
      (value) => (typeof value === 'string' ? (BY_LOWER_CASE.get(value.toLowerCase()) ?? value) : value),
      z.enum(DATA_TYPES),
    )
    .meta({ enum: [...DATA_TYPES] }),
  defaultValue: z.unknown().optional().describe('Text; lists, pairs and objects as JSON text.'),
  value: z.unknown().optional(),
  description: z.string().optional(),
  header: z.string().optional(),
  orgOnly: z.boolean().default(false).describe('Only the organization may set it.'),
  meta: Meta,
  pickList: z.array(z.string()).optional(),
  dataSource: ActionSchema.optional(),
  connection: ActionSchema.extend({ template: z.string().optional() }).optional(),
  inputs: z
    .record(z.string(), InputSchema.extend({ meta: FieldMeta }).meta({ allOf: INPUT_RULES }))
    .default({})
    .describe('Fields of the connection, or inputs of the data source.'),
  collectionType: z.enum(['valuelist', 'keyvaluelist']).optional(),
  onPremiseConnectionConfig: z.enum(['allowed', 'disallowed', 'required']).optional(),
  scheduleType: z.enum(SCHEDULE_TYPES).optional(),
  timeZone: z.string().optional().describe('IANA name; empty for UTC.'),
  codeLanguage: z.enum(['json', 'xml', 'html']).optional(),
  useScopedConfigVar: z.string().optional().describe('Stable key of a shared connection to use instead.'),
});

/** A page on which config variables are set. */
export const ConfigPageSchema = z.looseObject({
  name: z.string().default(''),
  tagline: z.string().optional(),
  userLevelConfigured: z.boolean().default(false),
  elements: z
    .array(
      z.looseObject({
        type: z.enum(['configVar', 'htmlElement', 'jsonForm']),
        value: z.string().default(''),
      }),
    )
    .default([]),
});

export type ConfigVar = z.infer<typeof ConfigVarSchema>;
