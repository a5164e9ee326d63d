/**
 * What a component version declares of itself, as data: enough to check and compile a definition and to
 * list the component, without loading its code. The shapes follow the public component contract.
 */
export interface ComponentManifest {
  key: string;
  isPublic: boolean;
  display: { label: string; description: string; category?: string; iconPath?: string };
  documentationUrl?: string;
  /** The code of a code-native integration: its actions get the results of earlier steps as their parameters. */
  isCodeNative?: boolean;
  actions: Record<string, ActionManifest>;
  triggers: Record<string, TriggerManifest>;
  dataSources: Record<string, ActionManifest>;
  connections: ConnectionManifest[];
}

export interface ActionManifest {
  key: string;
  label: string;
  description: string;
  inputs: InputManifest[];
  terminateExecution?: boolean;
  breakLoop?: boolean;
  allowsBranching?: boolean;
  staticBranchNames?: string[];
  dynamicBranchInput?: string;
  /** Data sources only. */
  dataSourceType?: string;
}

export interface TriggerManifest extends ActionManifest {
  scheduleSupport: 'invalid' | 'valid' | 'required';
  synchronousResponseSupport: 'invalid' | 'valid' | 'required';
  isPollingTrigger?: boolean;
  /** Functions that the trigger brings besides `perform`. */
  hasOnInstanceDeploy?: boolean;
  hasOnInstanceDelete?: boolean;
  hasWebhookCreateFunction?: boolean;
  hasWebhookDeleteFunction?: boolean;
  triggerResolverSupport?: 'invalid' | 'valid' | 'required';
  triggerResolverDefaultBatchSize?: number;
  triggerResolverDefaultConcurrentBatchLimit?: number;
  hasResolveTriggerItems?: boolean;
  hasGetNextDiscoveryState?: boolean;
  hasOnDeployPerform?: boolean;
  hasResolveOnDeployItems?: boolean;
  hasGetOnDeployNextDiscoveryState?: boolean;
}

export interface InputManifest {
  key: string;
  label: string;
  type: string;
  collection?: 'valuelist' | 'keyvaluelist';
  required?: boolean;
  /** As the bundle gives it; the plan fills it in where a definition leaves the input out. */
  default?: unknown;
  comments?: string;
  placeholder?: string;
  example?: string;
  model?: { label: string; value: string }[];
  language?: string;
  /** Of connections: an on-premise agent may stand for the value. */
  onPremiseControlled?: boolean;
  shown?: boolean;
  /** `ON_DEPLOY`: counts for the first run after a deploy only. */
  scope?: string;
  /** Fields of a structured or dynamic object. */
  inputs?: InputManifest[];
}

export interface ConnectionManifest {
  key: string;
  label: string;
  comments?: string;
  oauth2Type?: string;
  oauth2PkceMethod?: string;
  inputs: InputManifest[];
}

/** Names one version of one component; what a plan pins and a runner loads. */
export interface ComponentPin {
  key: string;
  isPublic: boolean;
  version: number;
  /** Hex SHA-1 of the package, or of the manifest for a built-in. */
  signature: string;
}
