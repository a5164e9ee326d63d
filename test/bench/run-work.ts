import { type Figures, type Subject } from './scenarios/context';
import { runScenario } from './scenarios/scenarios';
import type { Stack } from './stack/stack';
import type { Target } from './targets/target';
import type { Work } from './works/work';

/** What one work came to on one target. */
export interface WorkResult extends Figures {
  work: Work;
  target: Target['name'];
  /** What was lost, failed or done twice. */
  faults: string[];
}

const COUNT_LIMIT_MS = 10_000;

const pidsOf = ({ processes }: Target): string => processes.map(({ pid }) => pid()).join();

/** Puts a work in place, loads it, and checks that every execution ran once. */
export async function runWork(
  stack: Stack,
  target: Target,
  work: Work,
  { seconds, inTurn }: Pick<Subject, 'seconds' | 'inTurn'>,
): Promise<WorkResult> {
  const path = `/${work.name}/${target.name}`;
  const destinations = await inTurn(() => target.prepare(work, path));
  const sent = { count: 0 };
  const subject: Subject = { stack, target, work, destinations, seconds, sent, inTurn };
  const pids = pidsOf(target);
  const figures = await runScenario(subject);
  const found = await inTurn(() => target.faults(work, figures.busy.ids));
  const faults = [...figures.busy.faults, ...found];
  const calls = await stack.service.ask<number>('count', path, COUNT_LIMIT_MS);
  const expected = sent.count * work.calls;
  if (calls !== expected) faults.push(`the service was called ${calls} times, not ${expected}`);
  if (pidsOf(target) !== pids) faults.push('a process ended and was started again');
  const notes = target.name === 'temporal' && work.rawNote ? [...figures.notes, work.rawNote] : figures.notes;
  return { ...figures, notes, work, target: target.name, faults };
}
