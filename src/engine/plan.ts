/**
 * The plan: the compiled, immutable form of one published integration version. The definition is parsed and
 * checked once, at publish; a run only reads its plan. Pure data, JSON-safe.
 */
export const PLAN_FORMAT_VERSION = 1;

export interface Plan {
  formatVersion: typeof PLAN_FORMAT_VERSION;
  integrationName: string;
  configVars: PlanConfigVar[];
  flows: PlanFlow[];
  /** Every component that a step uses, pinned. */
  components: PlanComponent[];
  /** Absent where each flow has an address of its own. */
  endpoint?: PlanEndpoint;
  /** The flows' code is the integration's own bundle. */
  isCodeNative?: boolean;
  /** Name of the profile of instances that are made of it; absent for the organization's default one. */
  instanceProfile?: string;
}

/** An address that several flows share, and how a delivery finds its flow and customer. */
export interface PlanEndpoint {
  type: 'instance_specific' | 'shared_instance';
  /** Stable key of the flow that runs first and whose results the paths below read; absent: the trigger's payload. */
  preprocessFlow?: string;
  /**
   * Paths as in a reference: a step key of the preprocess flow, or `payload` for what the trigger gives without one;
   * then `results`; then what is inside.
   */
  flowName?: string[];
  externalCustomerId?: string[];
  externalCustomerUserId?: string[];
}

export interface PlanComponent {
  key: string;
  isPublic: boolean;
  version: number;
  signature: string;
}

export interface PlanConfigVar {
  key: string;
  stableKey: string;
  /** Lower-case form of the definition's `dataType`: `string`, `picklist`, `jsonform`, `connection`, `schedule` … */
  dataType: string;
  collectionType?: 'valuelist' | 'keyvaluelist';
  /** Text as in the definition; absent when it names none or an empty one. */
  defaultValue?: string;
  description?: string;
  pickList?: string[];
  orgOnly: boolean;
  /** Who may set it; `embedded`: neither sees it, it is set by the API. Absent in plans of a former release. */
  setBy?: 'organization' | 'customer' | 'embedded';
  /** False where a deployer of the organization does not see it. */
  visibleToOrganization?: boolean;
  /** Each end user has a value of their own; the instance's counts in runs without a user. */
  isUserLevel?: boolean;
  /** `code` only. */
  codeLanguage?: 'json' | 'xml' | 'html';
  /** Offers what may be chosen, or the form to fill in. */
  dataSource?: PlanDataSource;
  /** JSON forms: what happens to values that the form does not allow. */
  validationMode?: string;
  /** When a value made by a data source is dropped. */
  dataSourceReset?: string;
  /** `schedule` only; an IANA name, absent for UTC. */
  timeZone?: string;
  /** `schedule` only: how an editor shows it; absent where the definition does not say. */
  scheduleType?: 'none' | 'once' | 'custom' | 'minute' | 'hour' | 'day' | 'week';
  /** Connections with a host and a port of their own: an on-premise agent may stand for these, or must. */
  onPremise?: 'allowed' | 'required';
  /** `connection` only; absent where the definition leaves its kind to a shared connection. */
  connection?: PlanConnection;
  /** Stable key of a connection that is set up once for many instances and takes the place of own fields. */
  sharedConnection?: string;
}

export interface PlanDataSource {
  key: string;
  component: PlanComponent;
  /** They read config variables only. */
  inputs: Record<string, PlanInput>;
}

export interface PlanConnection {
  key: string;
  component: PlanComponent;
  /** Name of a preset whose values count for fields that the definition gives none. */
  template?: string;
  /** Id of that preset where its values are placed in the fields; never in a stored plan. */
  templateId?: string;
  /** Where the browser goes after the consent. */
  successRedirectUri?: string;
  failureRedirectUri?: string;
  /** OAuth 2 connections only. */
  oauth2Type?: 'authorization_code' | 'client_credentials';
  oauth2PkceMethod?: string;
  fields: PlanConnectionField[];
}

export interface PlanConnectionField {
  key: string;
  /** The input type that the component declares: `string`, `password` … */
  type: string;
  required: boolean;
  /** A list or pairs; their value is JSON text. */
  collection?: 'valuelist' | 'keyvaluelist';
  /** The definition's value, else that of a preset that is placed, else the component's default. */
  value?: string;
  /** The value is the component's default; said only where a preset is named, whose values come before it. */
  isDefault?: boolean;
  /** What is set by hand does not count, or the value is that of a preset; never in a stored plan. */
  isFixed?: boolean;
  isPreset?: boolean;
  /** The value has `{{#otherField}}` placeholders for fields of the same connection. */
  isTemplate?: boolean;
  /** Who may set it; absent for what holds of the whole connection. */
  setBy?: 'organization' | 'customer' | 'embedded';
  visibleToOrganization?: boolean;
  /** Shown to nobody once it is set. */
  isWriteOnly?: boolean;
}

export interface PlanFlow {
  name: string;
  /** Identity over renames; the definition's `stableKey`, else made from the name. */
  stableKey: string;
  description: string;
  isSynchronous: boolean;
  endpointSecurityType: 'unsecured' | 'customer_optional' | 'customer_required' | 'organization';
  organizationApiKeys: string[];
  schedule?: PlanSchedule;
  /** How often and when a failed asynchronous run is begun anew; absent for never. */
  retry?: PlanFlowRetry;
  /** Absent: runs go in parallel. */
  queue?: PlanQueue;
  /** The trigger's items are cut into runs of their own. */
  batch?: PlanBatch;
  /** What the trigger's manifest says; absent in plans of a former release. */
  triggerTraits?: PlanTriggerTraits;
  /** JSON Schemas that describe what the flow accepts, by name: `invoke`. */
  schemas?: Record<string, unknown>;
  /** The flow may be offered to AI agents. */
  isAgentFlow?: boolean;
  /** What the flow's code may call besides the components of its steps. */
  supplementalComponents?: PlanComponent[];
  trigger: PlanStep;
  steps: PlanStep[];
}

export type PlanSchedule =
  | { type: 'value'; cron: string; timeZone: string }
  | { type: 'configVar'; configVar: string; timeZone: string }
  /** The parts are text and config variables. */
  | { type: 'template'; parts: PlanTemplatePart[]; timeZone: string };

export interface PlanFlowRetry {
  /** Runs after the first, 1 to 10. */
  maxAttempts: number;
  delayMinutes: number;
  /** Doubles the delay each time, up to a day. */
  usesExponentialBackoff: boolean;
  /**
   * Path of the request's id as in a reference, from the trigger's key on; a newer request with the same id cancels
   * the retry that an older one waits for.
   */
  uniqueRequestId?: string[];
}

export interface PlanQueue {
  /** Runs of the flow that may be under way at once; 1 keeps them in order. Absent: no limit. */
  limit?: number;
  /** A schedule's tick is skipped while a run is under way. */
  isSingleton: boolean;
  /** Path of an id, from the trigger's key on: a run whose id waits or runs already ends as a duplicate. */
  dedupeId?: string[];
}

export interface PlanBatch {
  batchSize: number;
  /** Runs of one trigger's items that may be under way at once; absent: no limit. */
  concurrentBatchLimit?: number;
  runInitialSyncOnDeploy: boolean;
}

/** What the runtime must know of a trigger beyond its action; absent flags are false. */
export interface PlanTriggerTraits {
  scheduleSupport: 'invalid' | 'valid' | 'required';
  synchronousResponseSupport: 'invalid' | 'valid' | 'required';
  isPolling?: boolean;
  hasOnInstanceDeploy?: boolean;
  hasOnInstanceDelete?: boolean;
  hasWebhookCreate?: boolean;
  hasWebhookDelete?: boolean;
  hasResolveTriggerItems?: boolean;
  hasNextPagination?: boolean;
  hasOnDeployPerform?: boolean;
  hasResolveOnDeployItems?: boolean;
  hasOnDeployNextPagination?: boolean;
}

export interface PlanStep {
  /** What references name, unique in the flow. */
  key: string;
  /** The display name. */
  name: string;
  /** Where it stands, for reports and journal ids: `2`, `3.Else.0`; unique in the flow. */
  path: string;
  component: PlanComponent;
  action: string;
  inputs: Record<string, PlanInput>;
  /** Step keys that the inputs read; `all` for a step whose code may read any result. */
  reads: string[] | 'all';
  branches?: PlanBranch[];
  loop?: PlanLoop;
  terminates?: boolean;
  breaksLoop?: boolean;
  onError: PlanErrorPolicy;
}

export interface PlanBranch {
  name: string;
  steps: PlanStep[];
}

export interface PlanLoop {
  /** `items`: over the value of input `items`; `times`: as often as input `iterationCount` says. */
  kind: 'items' | 'times';
  steps: PlanStep[];
}

export interface PlanErrorPolicy {
  type: 'fail' | 'ignore' | 'retry';
  /** Tries after the first. */
  maxAttempts: number;
  delaySeconds: number;
  usesExponentialBackoff: boolean;
  ignoreFinalError: boolean;
}

/** A compiled input. */
export type PlanInput =
  | { kind: 'value'; value: unknown }
  /** `path` is split; the first segment is the step key, the second `results`, `currentItem` or `index`. */
  | { kind: 'reference'; path: string[] }
  | { kind: 'configVar'; key: string }
  | { kind: 'template'; parts: PlanTemplatePart[] }
  /** A value list: an array of resolved values. */
  | { kind: 'list'; items: PlanInput[] }
  /** A key-value list: an array of `{key, value}`. */
  | { kind: 'pairs'; items: { name: PlanInput; value: PlanInput }[] }
  /** A conditional expression: `[operator, term …]` with resolved terms, evaluated by the component. */
  | { kind: 'expression'; operator: string; terms: PlanInput[] };

export type PlanTemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'reference'; path: string[] }
  | { kind: 'configVar'; key: string };
