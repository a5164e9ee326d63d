import { invalidField } from '../../../errors';
import { LOG_SEVERITY_LEVELS, listLogs } from '../../../services/logs/list-logs';
import type { LogLine } from '../../../store/models/log.model';
import { connectionOf, type PageArgs } from '../connection';
import type { GraphqlRequest } from '../request';

/** Arguments that lists of log lines take. */
export interface LogArgs extends PageArgs {
  message_Icontains?: string | null;
  severity?: number | null;
  timestamp_Gte?: Date | null;
  timestamp_Lte?: Date | null;
  orderBy?: { field: 'TIMESTAMP'; direction: 'ASC' | 'DESC' } | null;
}

/** One page of log lines of an owner, or of all. Throws `invalid_input` for a severity that there is not. */
export async function logConnection(
  owner: { executionId?: string | undefined; instanceId?: string | undefined },
  args: LogArgs,
  { deps, ctx }: GraphqlRequest,
) {
  const page = await listLogs(deps, ctx, {
    ...owner,
    first: args.first,
    after: args.after,
    severities: args.severity == null ? undefined : [severityOf(args.severity)],
    search: args.message_Icontains,
    ascending: args.orderBy ? args.orderBy.direction === 'ASC' : undefined,
    from: args.timestamp_Gte?.toISOString(),
    to: args.timestamp_Lte && justAfter(args.timestamp_Lte),
  });
  return connectionOf(page);
}

/** The service leaves out its upper end, `_Lte` does not. Times are stored in whole milliseconds. */
function justAfter(time: Date): string {
  return new Date(time.getTime() + 1).toISOString();
}

function severityOf(id: number): LogLine['severity'] {
  const level = LOG_SEVERITY_LEVELS.find((known) => known.id === id);
  if (level) return level.name;
  const known = LOG_SEVERITY_LEVELS.map((one) => `${one.id} ${one.name}`).join(', ');
  throw invalidField('severity', `There is no severity ${id}; there are: ${known}.`);
}
