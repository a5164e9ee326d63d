import { z } from 'zod';
import { ActionSchema, ComponentSchema, FieldSchema, Inputs, SCHEDULE_TYPES } from './schema-input';

const Schedule = z
  .looseObject({
    type: z.enum(['value', 'configVar', 'template']).default('value'),
    value: z
      .string()
      .default('')
      .describe('Five-field cron, the key of a config variable, or a template; empty for no recurrence.'),
    meta: z
      .looseObject({
        scheduleType: z.enum(SCHEDULE_TYPES).optional(),
        timeZone: z.string().optional().describe('IANA name; empty for UTC.'),
      })
      .default({}),
  })
  .describe('When a trigger starts its flow by itself.');

const ErrorConfig = z
  .looseObject({
    errorHandlerType: z.enum(['fail', 'ignore', 'retry']).default('fail'),
    maxAttempts: z.int().min(0).max(5).default(0),
    delaySeconds: z.int().min(0).max(60).default(0),
    usesExponentialBackoff: z.boolean().default(false),
    ignoreFinalError: z.boolean().default(false),
  })
  .describe('What happens when the step fails.');

/** One step, with the steps inside its branches or its loop body. */
export const StepSchema = z
  .looseObject({
    name: z.string().default('').describe('Display name; references name the step by the key made from it.'),
    description: z.string().default(''),
    stableKey: z.string().optional(),
    action: ActionSchema,
    inputs: Inputs,
    isTrigger: z.boolean().default(false),
    schedule: Schedule.optional(),
    errorConfig: ErrorConfig.optional(),
    get branches() {
      return z
        .array(z.looseObject({ name: z.string().default(''), steps: z.array(StepSchema).default([]) }))
        .optional();
    },
    get steps() {
      return z.array(StepSchema).optional();
    },
  })
  .meta({ id: 'step' });

const RetryConfig = z
  .looseObject({
    maxAttempts: z.int().min(0).max(10).default(0).describe('Runs after the first.'),
    delayMinutes: z.int().min(0).max(60).default(0),
    usesExponentialBackoff: z.boolean().default(false).describe('Doubles the delay each time, up to a day.'),
    uniqueRequestIdField: FieldSchema.optional(),
  })
  .describe('Runs a failed asynchronous execution again from its trigger.');

const QueueConfig = z
  .looseObject({
    type: z.enum(['parallel', 'throttled', 'sequential']).optional(),
    usesFifoQueue: z.boolean().default(false).describe('One at a time, in order of arrival.'),
    concurrencyLimit: z.int().min(2).max(15).optional().describe('As many at once.'),
    singletonExecutions: z
      .boolean()
      .default(false)
      .describe('A tick of the schedule is skipped while one runs.'),
    dedupeIdField: FieldSchema.optional(),
  })
  .describe('How many executions of the flow run at once.');

const TriggerResolver = z
  .looseObject({
    enabled: z.boolean().default(false),
    batchSize: z.int().min(1).optional(),
    concurrentBatchLimit: z.int().min(1).optional(),
    runInitialSyncOnDeploy: z.boolean().default(false),
  })
  .describe('Cuts the items that a trigger finds into executions of their own.');

/** One flow: its trigger step first, then its body. */
export const FlowSchema = z.looseObject({
  name: z
    .string()
    .meta({ description: 'Unique in the integration; the key of its webhook address.', pattern: '\\S' }),
  description: z.string().default(''),
  stableKey: z.string().optional().describe('Identity that survives renames.'),
  isSynchronous: z.boolean().optional().describe('The answer is the result of the last step.'),
  endpointSecurityType: z
    .enum(['unsecured', 'customer_optional', 'customer_required', 'organization'])
    .default('customer_optional'),
  organizationApiKeys: z.array(z.string()).default([]),
  steps: z.array(StepSchema).meta({ description: 'The trigger first, then the body.', minItems: 1 }),
  retryConfig: RetryConfig.optional(),
  queueConfig: QueueConfig.optional(),
  triggerResolver: TriggerResolver.optional(),
  schemas: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('JSON Schemas of what the flow takes: invoke.'),
  isAgentFlow: z.boolean().optional().describe('The flow may be offered to AI agents.'),
  supplementalComponents: z.array(ComponentSchema).optional().describe('What code-native code may call.'),
});

export type Flow = z.infer<typeof FlowSchema>;
export type Step = z.infer<typeof StepSchema>;
