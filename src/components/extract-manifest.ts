import { z } from 'zod';
import type {
  ActionManifest,
  ComponentManifest,
  ConnectionManifest,
  InputManifest,
  TriggerManifest,
} from './manifest';

const text = z.string().nullish();
const flag = z.boolean().nullish();
const label = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]);
const support = z.enum(['invalid', 'valid', 'required']).nullish();

const inputSchema = z.object({
  key: z.string(),
  get inputs() {
    return z.array(inputSchema).nullish();
  },
  scope: text,
  label: label.nullish(),
  type: z.string(),
  collection: z.enum(['valuelist', 'keyvaluelist']).nullish(),
  required: flag,
  default: z.unknown().optional(),
  comments: text,
  placeholder: text,
  example: text,
  model: z.array(z.object({ label: z.string(), value: z.string() })).nullish(),
  language: text,
  onPremiseControlled: flag,
  shown: flag,
});

const actionSchema = z.object({
  display: z.object({ label: z.string(), description: z.string().default('') }),
  inputs: z.array(inputSchema).nullish(),
  terminateExecution: flag,
  breakLoop: flag,
  allowsBranching: flag,
  staticBranchNames: z.array(z.string()).nullish(),
  dynamicBranchInput: text,
  dataSourceType: text,
});

const triggerSchema = actionSchema.extend({
  scheduleSupport: support,
  synchronousResponseSupport: support,
  isPollingTrigger: flag,
  hasOnInstanceDeploy: flag,
  hasOnInstanceDelete: flag,
  hasWebhookCreateFunction: flag,
  hasWebhookDeleteFunction: flag,
  triggerResolverSupport: support,
  triggerResolverDefaultBatchSize: z.number().int().min(1).nullish(),
  triggerResolverDefaultConcurrentBatchLimit: z.number().int().min(1).nullish(),
  hasResolveTriggerItems: flag,
  hasGetNextDiscoveryState: flag,
  hasOnDeployPerform: flag,
  hasResolveOnDeployItems: flag,
  hasGetOnDeployNextDiscoveryState: flag,
});

const connectionSchema = z.object({
  key: z.string(),
  label: label.nullish(),
  comments: text,
  oauth2Type: text,
  oauth2PkceMethod: text,
  inputs: z.array(inputSchema).nullish(),
});

const componentSchema = z.object({
  key: z.string().min(1),
  display: z.object({
    label: z.string(),
    description: z.string().default(''),
    category: text,
    iconPath: text,
  }),
  documentationUrl: text,
  actions: z.record(z.string(), actionSchema).nullish(),
  triggers: z.record(z.string(), triggerSchema).nullish(),
  dataSources: z.record(z.string(), actionSchema).nullish(),
  connections: z.array(connectionSchema).nullish(),
  codeNativeIntegrationYAML: text,
});

/**
 * The manifest of a component's default export, as SDK versions 5 to 10 give it. Throws one error that names
 * every fault when the value is no component.
 */
export function extractManifest(component: unknown, { isPublic }: { isPublic: boolean }): ComponentManifest {
  const parsed = componentSchema.safeParse(component);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `  ${issue.path.join('.') || 'default export'}: ${issue.message}`,
    );
    throw new Error(`This is not a component as the SDK builds it:\n${faults.join('\n')}`);
  }
  const { key, display, documentationUrl, actions, triggers, dataSources, connections } = parsed.data;
  return {
    key,
    isPublic,
    display: present(display),
    ...present({ documentationUrl }),
    ...(typeof parsed.data.codeNativeIntegrationYAML === 'string' ? { isCodeNative: true } : {}),
    actions: mapEntries(actions, toAction),
    triggers: mapEntries(triggers, toTrigger),
    dataSources: mapEntries(dataSources, toAction),
    connections: (connections ?? []).map(toConnection),
  };
}

function toAction(key: string, source: z.infer<typeof actionSchema>): ActionManifest {
  const { display, inputs, ...rest } = source;
  return { key, ...display, inputs: (inputs ?? []).map(toInput), ...present(rest) };
}

function toTrigger(key: string, source: z.infer<typeof triggerSchema>): TriggerManifest {
  const { scheduleSupport, synchronousResponseSupport, isPollingTrigger, ...rest } = source;
  return {
    ...toAction(key, rest),
    // The SDK's own rule for triggers that say nothing.
    scheduleSupport: scheduleSupport ?? 'invalid',
    synchronousResponseSupport:
      synchronousResponseSupport ?? ((scheduleSupport ?? 'invalid') === 'invalid' ? 'valid' : 'invalid'),
    ...present({ isPollingTrigger }),
  };
}

function toInput({ label: given, inputs, ...source }: z.infer<typeof inputSchema>): InputManifest {
  return {
    ...present(source),
    key: source.key,
    type: source.type,
    label: given ?? source.key,
    ...(inputs ? { inputs: inputs.map(toInput) } : {}),
  };
}

function toConnection({
  label: given,
  inputs,
  ...source
}: z.infer<typeof connectionSchema>): ConnectionManifest {
  return {
    ...present(source),
    key: source.key,
    label: given ?? source.key,
    inputs: (inputs ?? []).map(toInput),
  };
}

function mapEntries<Source, Target>(
  source: Record<string, Source> | null | undefined,
  convert: (key: string, value: Source) => Target,
): Record<string, Target> {
  return Object.fromEntries(Object.entries(source ?? {}).map(([key, value]) => [key, convert(key, value)]));
}

type Present<T> = {
  [K in keyof T as null extends T[K] ? never : undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as null extends T[K] ? K : undefined extends T[K] ? K : never]?: NonNullable<T[K]>;
};

/** Leaves out what a bundle gives as null or undefined: a manifest holds what is said, nothing else. */
function present<T extends object>(source: T): Present<T> {
  const entries = Object.entries(source).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as Present<T>;
}
