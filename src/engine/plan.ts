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
  /** `schedule` only; an IANA name, absent for UTC. */
  timeZone?: string;
  /** `connection` only. */
  connection?: PlanConnection;
}

export interface PlanConnection {
  key: string;
  component: PlanComponent;
  fields: PlanConnectionField[];
}

export interface PlanConnectionField {
  key: string;
  /** The input type that the component declares: `string`, `password` … */
  type: string;
  required: boolean;
  /** The definition's value, else the component's default. */
  value?: string;
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
  trigger: PlanStep;
  steps: PlanStep[];
}

export type PlanSchedule =
  | { type: 'value'; cron: string; timeZone: string }
  | { type: 'configVar'; configVar: string; timeZone: string };

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
