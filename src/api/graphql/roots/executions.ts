import { getExecution } from '../../../services/executions/read/get-execution';
import { LOG_SEVERITY_LEVELS } from '../../../services/logs/list-logs';
import type { FieldsOf } from '../fields';
import { fromGlobalId, fromOptionalId } from '../global-id';
import { type ExecutionArgs, executionConnection } from '../types/execution';
import { type LogArgs, logConnection } from '../types/log';

interface ExecutionsArgs extends ExecutionArgs {
  instance?: string | null;
  instance_Customer?: string | null;
  integration?: string | null;
}

interface LogsArgs extends LogArgs {
  executionResult?: string | null;
  instance?: string | null;
}

export const executionQueries: FieldsOf<unknown> = {
  executionResult: (_, { id }: { id: string }, { deps, ctx }) =>
    getExecution(deps, ctx, { id: fromGlobalId('InstanceExecutionResult', id) }),
  executionResults: (_, args: ExecutionsArgs, request) =>
    executionConnection(
      {
        instanceId: fromOptionalId('Instance', args.instance, 'instance'),
        customerId: fromOptionalId('Customer', args.instance_Customer, 'instance_Customer'),
        integrationId: fromOptionalId('Integration', args.integration, 'integration'),
      },
      args,
      request,
    ),
  // Log lines have no sections, so there is none to be found.
  executionSections: () => ({ nodes: [] }),
  logs: (_, args: LogsArgs, request) =>
    logConnection(
      {
        executionId: fromOptionalId('InstanceExecutionResult', args.executionResult, 'executionResult'),
        instanceId: fromOptionalId('Instance', args.instance, 'instance'),
      },
      args,
      request,
    ),
  logSeverityLevels: () => LOG_SEVERITY_LEVELS,
};
