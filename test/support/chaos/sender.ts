import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, FLOW_KINDS } from './flows';
import type { Delivery, Ledger } from './ledger';

/** A stream of deliveries. */
export interface Sender {
  /** Sends no new ones, and resolves when each was answered 2xx. Rejects when one was refused for good. */
  stop(): Promise<void>;
}

const ANSWER_LIMIT_MS = 5000;
const AGAIN_AFTER_MS = 500;

/** Sends at a steady pace, whatever the answers are. What was not acknowledged is sent again, with the same key. */
export function startSender(
  ledger: Ledger,
  webhooks: Record<string, string>,
  perSecond: number,
  random: () => number,
): Sender {
  const underway: Promise<void>[] = [];
  const timer = setInterval(() => {
    const flow = pickFlow(random());
    const delivery = ledger.add(`delivery-${underway.length}`, flow);
    const sending = untilAcknowledged(delivery, webhooks[flow]!);
    sending.catch(() => undefined);
    underway.push(sending);
  }, 1000 / perSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underway);
    },
  };
}

function pickFlow(at: number): string {
  let left = at;
  for (const { name, share } of FLOW_KINDS) {
    if (left < share) return name;
    left -= share;
  }
  return FLOW_KINDS[0]!.name;
}

async function untilAcknowledged(delivery: Delivery, url: string): Promise<void> {
  for (;;) {
    delivery.sends += 1;
    const executionId = await send(delivery, url);
    if (executionId !== null) {
      delivery.executionId = executionId;
      return;
    }
    await sleep(AGAIN_AFTER_MS);
  }
}

/** The execution's id, or null for what a sender tries again. */
async function send({ key }: Delivery, url: string): Promise<string | null> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(bodyOf(key)),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    status = response.status;
    text = await response.text();
  } catch {
    return null;
  }
  if (status >= 200 && status < 300) return bareId((JSON.parse(text) as { executionId: string }).executionId);
  if (status >= 500 || status === 429) return null;
  throw new Error(`A delivery was refused with ${status}: ${text}`);
}

const bareId = (globalId: string): string => Buffer.from(globalId, 'base64').toString().split(':')[1] ?? '';
