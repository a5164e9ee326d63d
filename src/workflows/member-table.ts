import type { BatchMember } from '../temporal/contract';

/** The Markdown table of a batch's executions that Temporal's Web UI shows beside it. */
export function memberTable(members: readonly BatchMember[]): string {
  const rows = members.map(
    ({ executionId, flow, state, ms }) =>
      `| ${executionId} | ${flow.replaceAll('|', '/')} | ${state} | ${ms} ms |`,
  );
  return ['| Execution | Flow | State | Time |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
