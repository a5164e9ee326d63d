import type { FinishedStepLine, NextMove, WaitingStepLine } from '../temporal/contract';

/** Rows that the details show at most; the middle of a longer run is left out. */
const HEAD_ROWS = 20;
const TAIL_ROWS = 20;

/** The steps of one run of a driver as a Markdown table, which Temporal's Web UI shows beside it. */
export class StepTable {
  private readonly head: FinishedStepLine[] = [];
  private tail: FinishedStepLine[] = [];
  /** Between head and tail. */
  private left = 0;
  private waiting: WaitingStepLine | undefined;

  /** `before` steps were finished by earlier runs of the same driver, which have tables of their own. */
  constructor(private readonly before = 0) {}

  get total(): number {
    return this.before + this.head.length + this.left + this.tail.length;
  }

  /** Adds what a segment finished; `untold` are those before the ones that it lists. */
  add(steps: readonly FinishedStepLine[], untold = 0): void {
    if (steps.length > 0) this.waiting = undefined;
    if (untold > 0) {
      this.left += untold + this.tail.length;
      this.tail = [];
    }
    for (const step of steps) {
      if (this.head.length < HEAD_ROWS && this.left === 0) this.head.push(step);
      else this.tail.push(step);
    }
    const over = Math.max(this.tail.length - TAIL_ROWS, 0);
    this.left += over;
    this.tail = this.tail.slice(over);
  }

  /** A step that is waited for stands behind the finished ones, until one finishes or the flow has ended. */
  follow(next: NextMove): void {
    if (next.kind === 'wait') this.waiting = next.step;
    if (next.kind === 'done') this.waiting = undefined;
  }

  /** `note` is what stands above it. */
  markdown(note?: string): string {
    return [
      ...(note === undefined ? [] : [note, '']),
      '| Step | State | Time |',
      '| --- | --- | --- |',
      ...gap(this.before, 'in the runs before'),
      ...this.head.map(row),
      ...gap(this.left, 'more'),
      ...this.tail.map(row),
      ...(this.waiting ? [waitingRow(this.waiting)] : []),
    ].join('\n');
  }
}

function gap(count: number, what: string): string[] {
  return count > 0 ? [`| … ${count} ${what} | | |`] : [];
}

function row({ name, state, ms, code }: FinishedStepLine): string {
  return `| ${cell(name)} | ${code === undefined ? state : `${state}: ${code}`} | ${ms} ms |`;
}

function waitingRow({ name, untilMs, retry }: WaitingStepLine): string {
  const at = new Date(untilMs).toISOString();
  if (!retry) return `| ${cell(name)} | waiting | until ${at} |`;
  const { failures, tries, code } = retry;
  const state = code === undefined ? 'retrying' : `retrying: ${code}`;
  return `| ${cell(name)} | ${state}, attempt ${failures} of ${tries} failed | next at ${at} |`;
}

/** A name may hold what ends a cell or a row; the rest of Markdown is escaped, so that names stay as they are. */
export function cell(name: string): string {
  return name
    .replace(/\s+/g, ' ')
    .replaceAll('|', '/')
    .replace(/[\\`*_[\]<>~]/g, (character) => `\\${character}`);
}
