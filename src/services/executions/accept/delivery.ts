import type { RunUser } from '../../../store/models/execution.model';
import type { IncomingRequest } from './stored-request';

/** A request at an address, with what it says beside its payload. */
export interface Delivery extends IncomingRequest {
  flowConfigId: string;
  apiKey?: string;
  idempotencyKey?: string;
  /** JSON of who called, as component code sends it; believed when its token verifies. */
  invokedByHeader?: string;
  /** Debugging is on. */
  isDebug?: boolean;
  /** At test addresses only: JSON that stands for what a polling trigger would find. */
  simulatedTriggerResult?: string;
  /** The run of the preprocess flow that sent the delivery here. */
  preprocessExecutionId?: string;
  /** The end user that a shared address found it to be for. */
  user?: RunUser;
  /** The caller's own choice, over the flow's. */
  synchronousOverride?: boolean;
}

/** Says how a run was begun; components believe it, so only a flow that called may say so itself. */
const INVOKE_TYPE_HEADER = 'prismatic-invoke-type';

/** The request alone. */
export function requestOf(delivery: Delivery, isFromFlow: boolean): IncomingRequest {
  const { method, pathFragment, query, url, contentType, body } = delivery;
  const headers = isFromFlow
    ? delivery.headers
    : delivery.headers.filter(([name]) => name.toLowerCase() !== INVOKE_TYPE_HEADER);
  return { method, pathFragment, query, url, headers, contentType, body };
}
