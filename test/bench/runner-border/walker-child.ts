import type { FromRunner, PerformOutcome } from '../../../src/components/runner/contract';
import { Outbox } from '../../../src/components/runner/outbox';
import { runCall } from '../../../src/components/runner/run-call';
import { codeCall } from './load';

/** To this process: run these steps, or: the record with this number is written. */
export type ToWalker = { type: 'run'; id: number; steps: string[] } | { type: 'written'; id: number };
/** From it: a finished step, or the end. */
export type FromWalker =
  | { type: 'record'; id: number; value: unknown }
  | { type: 'end'; id: number; cpuMs: number };

/** The other place for a walker: it runs here, and only its journal records cross. */
const out = new Outbox<FromWalker>((messages) => void process.send?.(messages));
const written = new Map<number, () => void>();

async function walk(id: number, steps: string[]): Promise<void> {
  let before: unknown;
  for (const code of steps) {
    before = await runStep(id, code, before);
    // As in the worker: the next step begins when the record of this one is safe.
    const safe = new Promise<void>((resolve) => written.set(id, resolve));
    out.add({ type: 'record', id, value: before });
    await safe;
  }
  const { user, system } = process.cpuUsage();
  out.add({ type: 'end', id, cpuMs: (user + system) / 1000 });
}

async function runStep(id: number, code: string, before: unknown): Promise<unknown> {
  const request = { ...codeCall(code), stepResults: { before: { results: before } } };
  const outcome = await new Promise<PerformOutcome>((resolve) => {
    const inbox = {
      add: (message: FromRunner) => message.type === 'done' && resolve(message.outcome),
      flush() {},
    };
    void runCall(id, request, inbox as unknown as Outbox<FromRunner>, { ownsProcess: false });
  });
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.result as { data: unknown }).data;
}

process.on('message', (messages: ToWalker[]) => {
  for (const message of messages) {
    if (message.type === 'run') void walk(message.id, message.steps);
    else written.get(message.id)?.();
  }
});
process.on('disconnect', () => process.exit(0));
