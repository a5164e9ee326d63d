import type { BatchMember } from '../temporal/contract';
import { cell } from './step-table';

/** What an operator looks for comes first. */
const ORDER: Record<BatchMember['state'], number> = { failed: 0, 'goes on': 1, queued: 2, ok: 3 };

/**
 * The executions of a batch as a Markdown table, which Temporal's Web UI shows beside it. What all of them ran stands
 * above it once: the place beside a workflow is narrow.
 */
export function memberTable(members: readonly BatchMember[]): string {
  const [first] = members.map(({ ran }) => ran);
  const isOne = members.every(({ ran }) => ran === first);
  const rows = [...members]
    .sort((a, b) => ORDER[a.state] - ORDER[b.state])
    .map(({ executionId, ran = '', state, code, ms, steps = '' }) => {
      const how = code === undefined ? state : `${state}: ${code}`;
      return [executionId, ...(isOne ? [] : [cell(ran)]), how, `${ms} ms`, cell(steps)];
    });
  const head = ['Execution', ...(isOne ? [] : ['Ran']), 'State', 'Time', 'Steps'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return (isOne && first ? [cell(first), '', ...lines] : lines).join('\n');
}
