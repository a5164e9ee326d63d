import { z } from 'zod';

/** Kinds of input that the language knows. */
export const INPUT_TYPES = [
  'value',
  'reference',
  'configVar',
  'template',
  'complex',
  'dataSource',
  'scopedConfigVar',
] as const;

/** An input as written; what `value` may be depends on `type` and is checked by the input reader. */
export const InputSchema = z.looseObject({ type: z.enum(INPUT_TYPES), value: z.unknown().optional() });

const Inputs = z.record(z.string(), InputSchema).default({});

/** A component as a definition names it; without version and signature it means the latest version. */
export const ComponentSchema = z.looseObject({
  key: z.string(),
  isPublic: z.boolean(),
  version: z.union([z.int().positive(), z.literal('LATEST')]).optional(),
  signature: z.string().optional(),
});

const Action = z.looseObject({ key: z.string(), component: ComponentSchema });

const SCHEDULE_TYPES = ['none', 'once', 'custom', 'minute', 'hour', 'day', 'week'] as const;

const Schedule = z.looseObject({
  type: z.enum(['value', 'configVar', 'template']),
  value: z.string().default(''),
  meta: z
    .looseObject({ scheduleType: z.enum(SCHEDULE_TYPES).optional(), timeZone: z.string().optional() })
    .default({}),
});

const ErrorConfig = z.looseObject({
  errorHandlerType: z.enum(['fail', 'ignore', 'retry']).default('fail'),
  maxAttempts: z.int().min(0).max(5).default(0),
  delaySeconds: z.int().min(0).max(60).default(0),
  usesExponentialBackoff: z.boolean().default(false),
  ignoreFinalError: z.boolean().default(false),
});

/** One step, with the steps inside its branches or its loop body. */
export const StepSchema = z.looseObject({
  name: z.string(),
  description: z.string().default(''),
  stableKey: z.string().optional(),
  action: Action,
  inputs: Inputs,
  isTrigger: z.boolean().default(false),
  schedule: Schedule.optional(),
  errorConfig: ErrorConfig.optional(),
  get branches() {
    return z.array(z.looseObject({ name: z.string(), steps: z.array(StepSchema).default([]) })).optional();
  },
  get steps() {
    return z.array(StepSchema).optional();
  },
});

const RetryConfig = z.looseObject({
  maxAttempts: z.int().min(0).max(10).default(0),
  delayMinutes: z.int().min(0).max(60).default(0),
  usesExponentialBackoff: z.boolean().default(false),
});

const QueueConfig = z.looseObject({
  type: z.enum(['parallel', 'throttled', 'sequential']).optional(),
  usesFifoQueue: z.boolean().default(false),
  concurrencyLimit: z.int().min(2).max(15).optional(),
  singletonExecutions: z.boolean().default(false),
});

/** One flow: its trigger step first, then its body. */
export const FlowSchema = z.looseObject({
  name: z.string(),
  description: z.string().default(''),
  stableKey: z.string().optional(),
  isSynchronous: z.boolean().optional(),
  endpointSecurityType: z
    .enum(['unsecured', 'customer_optional', 'customer_required', 'organization'])
    .default('customer_optional'),
  organizationApiKeys: z.array(z.string()).default([]),
  steps: z.array(StepSchema),
  retryConfig: RetryConfig.optional(),
  queueConfig: QueueConfig.optional(),
  triggerResolver: z.looseObject({ enabled: z.boolean().default(false) }).optional(),
});

const Meta = z
  .looseObject({
    visibleToCustomerDeployer: z.boolean().optional(),
    visibleToOrgDeployer: z.boolean().optional(),
    isVisibleToCustomerDeployer: z.boolean().optional(),
    isVisibleToOrgDeployer: z.boolean().optional(),
  })
  .optional();

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
  key: z.string(),
  stableKey: z.string().optional(),
  dataType: z.preprocess(
    (value) => (typeof value === 'string' ? (BY_LOWER_CASE.get(value.toLowerCase()) ?? value) : value),
    z.enum(DATA_TYPES),
  ),
  defaultValue: z.unknown().optional(),
  value: z.unknown().optional(),
  description: z.string().optional(),
  header: z.string().optional(),
  orgOnly: z.boolean().default(false),
  meta: Meta,
  pickList: z.array(z.string()).optional(),
  dataSource: Action.optional(),
  connection: Action.extend({ template: z.string().optional() }).optional(),
  inputs: Inputs,
  collectionType: z.enum(['valuelist', 'keyvaluelist']).optional(),
  onPremiseConnectionConfig: z.enum(['allowed', 'disallowed', 'required']).optional(),
  scheduleType: z.enum(SCHEDULE_TYPES).optional(),
  timeZone: z.string().optional(),
  codeLanguage: z.enum(['json', 'xml', 'html']).optional(),
  useScopedConfigVar: z.string().optional(),
});

const ConfigPage = z.looseObject({
  name: z.string(),
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

/** A whole definition; keys that it does not name are kept. */
export const DefinitionSchema = z.looseObject({
  definitionVersion: z.union([z.literal(6), z.literal(7)]),
  name: z.string(),
  description: z.string().default(''),
  documentation: z.string().default(''),
  category: z.string().default(''),
  labels: z.array(z.string()).default([]),
  defaultInstanceProfile: z.string().optional(),
  endpointType: z.enum(['flow_specific', 'instance_specific', 'shared_instance']).default('flow_specific'),
  isSynchronous: z.boolean().optional(),
  isCodeNative: z.boolean().default(false),
  requiredConfigVars: z.array(ConfigVarSchema).default([]),
  configPages: z.array(ConfigPage).default([]),
  flows: z.array(FlowSchema),
});

export type Definition = z.infer<typeof DefinitionSchema>;
export type Flow = z.infer<typeof FlowSchema>;
export type Step = z.infer<typeof StepSchema>;
export type ComponentUse = z.infer<typeof ComponentSchema>;
export type ConfigVar = z.infer<typeof ConfigVarSchema>;
export type Input = z.infer<typeof InputSchema>;
