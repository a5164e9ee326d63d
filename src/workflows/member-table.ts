import type { BatchMember } from '../temporal/contract';
import { cell } from './step-table';

/** What an operator looks for comes first. */
const ORDER: Record<BatchMember['state'], number> = { failed: 0, 'goes on': 1, queued: 2, ok: 3 };

/** The executions of a batch as a Markdown table, which Temporal's Web UI shows beside it. */
export function memberTable(members: readonly BatchMember[]): string {
  const rows = [...members]
    .sort((a, b) => ORDER[a.state] - ORDER[b.state])
    .map(({ executionId, ran = '', state, code, ms, steps = '' }) => {
      const how = code === undefined ? state : `${state}: ${code}`;
      return `| ${executionId} | ${cell(ran)} | ${how} | ${ms} ms | ${cell(steps)} |`;
    });
  return ['| Execution | Ran | State | Time | Steps |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
