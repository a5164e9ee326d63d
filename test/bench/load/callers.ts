import { setTimeout as sleep } from 'node:timers/promises';
import type { Destination, LoadOrder, LoadReport } from './order';

/** What one delivery came to. */
export interface Sent {
  id: string;
  ackMs: number;
  resultMs?: number;
}

/** Said no for now. */
export interface Refused {
  retryAfterMs: number;
}

export type Send = (destination: Destination, number: number) => Promise<Sent | Refused>;

/** Refusals of one delivery before the load counts as failed. */
const MAX_REFUSALS = 100;

/**
 * Callers that each send one delivery after the other until all are sent or the time is over. A delivery that
 * is refused is sent again when the server says. Rejects with the first failure.
 */
export async function runCallers(order: LoadOrder, send: Send): Promise<LoadReport> {
  const report: LoadReport = { ids: [], sentAtMs: [], ackMs: [], resultMs: [], refusals: 0 };
  const deadline = Date.now() + order.sendForMs;
  let next = 0;
  const caller = async (rank: number) => {
    // Callers with a pace do not all send in the same moment.
    if (order.paceMs > 0) await sleep((order.paceMs * rank) / order.callers);
    while (next < order.total && Date.now() < deadline) {
      const number = next;
      next += 1;
      const startedAt = performance.now();
      await deliver(order, number, send, report);
      const restMs = order.paceMs - (performance.now() - startedAt);
      if (restMs > 0) await sleep(restMs);
    }
  };
  await Promise.all(Array.from({ length: order.callers }, (_, rank) => caller(rank)));
  return report;
}

async function deliver(order: LoadOrder, number: number, send: Send, report: LoadReport): Promise<void> {
  const destination = order.destinations[number % order.destinations.length];
  if (destination === undefined) throw new Error('The load has no destination.');
  for (let refusals = 0; refusals < MAX_REFUSALS; refusals += 1) {
    const sentAtMs = Date.now();
    const sent = await send(destination, number);
    if ('id' in sent) {
      report.ids.push(sent.id);
      report.sentAtMs.push(sentAtMs);
      report.ackMs.push(sent.ackMs);
      report.resultMs.push(sent.resultMs ?? Number.NaN);
      return;
    }
    report.refusals += 1;
    await sleep(sent.retryAfterMs);
  }
  throw new Error(`One delivery was refused ${MAX_REFUSALS} times.`);
}
