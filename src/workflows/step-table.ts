import type { SegmentResult } from '../temporal/contract';

/** Rows that the details show at most; the middle of a longer run is left out. */
const HEAD_ROWS = 20;
const TAIL_ROWS = 20;

/** The Markdown table of steps that Temporal's Web UI shows beside a run. */
export function stepTable(): { add(steps: SegmentResult['steps']): void; markdown(): string } {
  const head: SegmentResult['steps'] = [];
  let tail: SegmentResult['steps'] = [];
  let total = 0;
  return {
    add(steps) {
      for (const step of steps) {
        total += 1;
        if (head.length < HEAD_ROWS) head.push(step);
        else tail = [...tail.slice(1 - TAIL_ROWS), step];
      }
    },
    markdown() {
      const left = total - head.length - tail.length;
      const gap = left > 0 ? [`| … ${left} more | | |`] : [];
      const rows = [...head.map(row), ...gap, ...tail.map(row)];
      return ['| Step | State | Time |', '| --- | --- | --- |', ...rows].join('\n');
    },
  };
}

function row({ name, state, ms }: SegmentResult['steps'][number]): string {
  return `| ${name.replaceAll('|', '/')} | ${state} | ${ms} ms |`;
}
