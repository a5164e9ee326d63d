import type { Measured } from '../measure/measured-load';
import type { Spread } from '../measure/percentile';
import { sumOf } from '../measure/processor-time';
import type { WorkResult } from '../run-work';
import type { Goal } from './goals';
import type { Row } from './rows';

const COLUMNS = [30, 9, 9, 15, 17, 17, 8] as const;
const HEADS = ['', 'exec/s', 'ack/s', 'ack p50/p95', 'end p50/p95', 'answer p50/p95', 'peak MB'];

/** One work: a line for each load of each target, where the processor time went, and the ratios. */
export function describeWork(results: WorkResult[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const lines = [`\n${first.work.name}: ${first.work.about}`, columns(HEADS)];
  for (const result of results) lines.push(...describeLoads(result));
  lines.push('  CPU ms per execution');
  for (const { target, busy } of results) lines.push(partsLine(target, busy.cpuMsPerExecution, 2));
  lines.push('  MB at the peak');
  for (const { target, busy } of results) lines.push(partsLine(target, busy.peakMb, 0));
  for (const { target, work, busy } of results) {
    if (work.items === undefined) continue;
    lines.push(`  ${target}: ${(busy.endToEndMs.p50 / work.items).toFixed(2)} ms per item`);
  }
  for (const { target, notes, faults } of results) {
    for (const note of notes) lines.push(`  ${target}: ${note}`);
    for (const fault of faults) lines.push(`  ${target}: FAULT: ${fault}`);
  }
  const ratio = ratioOf(results);
  if (ratio !== undefined) lines.push(`  executions/s: ${ratio.toFixed(1)} times the plain workflow’s`);
  return `${lines.join('\n')}\n`;
}

/** One study. */
export function describeStudy(
  { name, about }: { name: string; about: string },
  lines: string[],
  rows: Row[],
): string {
  const faults = rows.flatMap((row) => row.faults.map((fault) => `  ${row.work}: FAULT: ${fault}`));
  return `\n${[`${name}: ${about}`, ...lines, ...faults].join('\n')}\n`;
}

/** What was to be reached. */
export function describeGoals(goals: Goal[]): string {
  const lines = goals.map(
    ({ text, measured, isMet }) => `  ${isMet ? 'met    ' : 'NOT MET'}  ${text}: ${measured}`,
  );
  return `\nGoals\n${lines.join('\n')}\n`;
}

function describeLoads({ target, work, busy, single, quiet, alone, beside }: WorkResult): string[] {
  const { scenario } = work;
  const callers = 'callers' in scenario ? `${scenario.callers} callers` : 'all';
  const loads: [string, Measured | undefined][] = [
    [callers, busy],
    ['1 caller', single],
    ['1 caller, at rest', quiet],
    ['fast alone', alone],
    ['fast beside slow', beside],
  ];
  return loads.flatMap(([name, load]) =>
    load === undefined ? [] : [describeLoad(`  ${target} ${name}`, load)],
  );
}

function describeLoad(name: string, load: Measured): string {
  const refused = load.refusals > 0 ? `  ${load.refusals} refusals` : '';
  const cells = [
    name,
    numberOf(load.executionsPerSecond),
    numberOf(load.acknowledgedPerSecond),
    spread(load.ackMs),
    spread(load.endToEndMs),
    spread(load.answerMs),
    sumOf(Object.values(load.peakMb)).toFixed(0),
  ];
  return `${columns(cells)}${refused}`;
}

function partsLine(target: string, parts: Record<string, number>, digits: number): string {
  const shown = Object.entries(parts).map(([name, part]) => `${name} ${part.toFixed(digits)}`);
  return `    ${target.padEnd(10)}${shown.join(' + ')} = ${sumOf(Object.values(parts)).toFixed(digits)}`;
}

function ratioOf(results: WorkResult[]): number | undefined {
  const rateOf = (name: WorkResult['target']) =>
    results.find(({ target }) => target === name)?.busy.executionsPerSecond;
  const [ours, raw] = [rateOf('tenon'), rateOf('temporal')];
  return ours === undefined || raw === undefined ? undefined : ours / raw;
}

const columns = (cells: string[]): string =>
  cells.map((cell, at) => (at === 0 ? cell.padEnd(COLUMNS[at]) : cell.padStart(COLUMNS[at] ?? 10))).join('');

const spread = ({ p50, p95, count }: Spread): string =>
  count === 0 ? '-' : `${numberOf(p50)} / ${numberOf(p95)}`;

const numberOf = (value: number): string => {
  if (Number.isNaN(value)) return '-';
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
};
