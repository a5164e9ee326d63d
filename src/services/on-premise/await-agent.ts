import { setTimeout as sleep } from 'node:timers/promises';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import type { Deps } from '../context';
import { statusOf } from './resource-status';

/** An agent that was here a moment ago may be on its way to another process: it is waited for so long, ms. */
const PATIENCE_MS = 5000;
const LATELY_MS = 60_000;
const LOOK_EVERY_MS = 250;

/** The origin of the API process that a resource's agent is connected to, or why there is none: half a sentence. */
export async function awaitAgent(
  { store }: Pick<Deps, 'store'>,
  resourceId: string,
): Promise<{ origin: string } | { fault: string }> {
  const giveUpMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await store.onPremiseResources.findById(resourceId).lean<OnPremiseResource>();
    if (!found) return { fault: 'its on-premise resource was deleted' };
    const status = statusOf(found);
    if (status === 'AVAILABLE' && found.holder) return { origin: found.holder.origin };
    const { name, seenAt } = found;
    const wasHere = seenAt && seenAt.getTime() > Date.now() - LATELY_MS;
    if (!wasHere || Date.now() > giveUpMs) {
      const since = seenAt ? `, last seen ${seenAt.toISOString()}` : ' and none ever was';
      return { fault: `no agent is connected for the on-premise resource "${name}"${since}` };
    }
    await sleep(LOOK_EVERY_MS);
  }
}
