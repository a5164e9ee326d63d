import type { ActionManifest, ConnectionManifest } from '../../components/manifest';
import type { FlowView } from '../../services/integrations/flow-view';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Execution } from '../../store/models/execution.model';

/** An execution as lists give it. */
export type ExecutionSource = Omit<Execution, 'request' | 'answer'>;

/** A flow with the integration that it is part of. */
export interface FlowSource extends FlowView {
  integrationId: string;
}

export type ActionKind = 'action' | 'trigger' | 'dataSource';

/** An action, trigger or data source with the component that it is part of. */
export interface ActionSource {
  component: ComponentVersion;
  kind: ActionKind;
  action: ActionManifest;
}

/** A kind of connection with the component that it is part of. */
export interface ConnectionSource {
  component: ComponentVersion;
  connection: ConnectionManifest;
}
