import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { onePer } from '../../one-per';
import { labelLine, runLabelOf } from '../start/run-label';
import { admissible } from './queue-room';

type Member = Pick<Execution, 'instanceId' | 'customerId' | 'versionId' | 'flowName' | 'queue'>;

/** For each queue whose wake is on its way, whether another one was asked for meanwhile. */
const underwayOf = onePer((_deps: Deps) => new Map<string, { isAgain: boolean }>());

/**
 * Lets what admits the queue's runs look, if one may run now. Those that ask at the same moment ask once. A wake that
 * fails is repeated by the sweeper.
 */
export function wakeQueueIfRoom(deps: Deps, member: Member): void {
  const key = member.queue?.key;
  if (key === undefined) return;
  const underway = underwayOf(deps);
  const other = underway.get(key);
  if (other) {
    other.isAgain = true;
    return;
  }
  const mine = { isAgain: true };
  underway.set(key, mine);
  const wake = async () => {
    while (mine.isAgain) {
      mine.isAgain = false;
      if ((await admissible(deps, key)) > 0) await wakeQueue(deps, key, member);
    }
  };
  wake()
    .catch(() => undefined)
    .finally(() => underway.delete(key));
}

/** Lets what admits the queue's runs look. Throws `dependency_unavailable` while Temporal is away. */
export async function wakeQueue(deps: Deps, key: string, member: Member): Promise<void> {
  const label = await runLabelOf(deps, member);
  // Its instance was deleted, and what waited with it.
  if (!label) return;
  const summary = `Queue · ${labelLine(label, member.flowName)}`;
  const { instanceId, customerId } = member;
  await deps.temporal.wakeQueue({ key, instanceId, customerId, summary });
}
