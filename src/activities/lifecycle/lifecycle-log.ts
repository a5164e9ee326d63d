import type { PlanFlow } from '../../engine/plan';
import { uuidv7 } from '../../services/ids';
import type { LogSeverity } from '../../store/models/log.model';
import type { RunDeps } from '../run-deps';
import type { LifecycleSubject } from './lifecycle-subject';

/** Longest message of a line, characters. */
const MAX_MESSAGE = 4096;

/** Writes lines of an instance's log that belong to no execution. */
export function lifecycleLog(deps: RunDeps, subject: LifecycleSubject, event: string) {
  const { organizationId, customerId, owner } = subject;
  let ordinal = 0;
  return (flow: PlanFlow, severity: LogSeverity, message: string, timestamp = new Date()): void => {
    ordinal += 1;
    deps.logs.append({
      _id: `${event}/${uuidv7()}`,
      organizationId,
      customerId,
      instanceId: owner.instanceId,
      executionId: '',
      flowName: flow.name,
      ordinal,
      timestamp,
      severity,
      message: message.slice(0, MAX_MESSAGE),
      stepName: flow.trigger.name,
    });
  };
}
