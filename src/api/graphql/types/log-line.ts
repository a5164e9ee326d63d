import type { LogLine } from '../../../store/models/log.model';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';
import type { GraphqlRequest } from '../request';
import { executionFields } from './execution';

export const logFields: FieldsOf<LogLine> = {
  ...same<LogLine>('timestamp', 'severity', 'message', 'stepName', 'flowName'),
  id: (line) => toGlobalId('Log', line._id),
  logType: () => 'EXECUTION',
  sectionId: () => null,
  instance: (line, _args, { load }) => load.instance(line.instanceId),
  instanceId: (line) => toGlobalId('Instance', line.instanceId),
  instanceName: async (line, _args, { load }) => (await load.instance(line.instanceId))?.name,
  instanceType: () => 'INTEGRATION',
  customer: ({ customerId }, _args, { load }) => customerId && load.customer(customerId),
  customerName: async ({ customerId }, _args, { load }) =>
    customerId && (await load.customer(customerId))?.name,
  executionResult: (line, _args, { load }) => load.execution(line.executionId),
  executionResultId: (line) => toGlobalId('InstanceExecutionResult', line.executionId),
  isTestExecution: async (line, _args, { load }) => (await load.execution(line.executionId))?.isTest,
  fromPreprocessFlow: async (line, _args, { load }) => {
    const execution = await load.execution(line.executionId);
    return execution && (execution.isPreprocess ?? false);
  },
  flow: ofExecution('flow'),
  flowConfig: ofExecution('flowConfig'),
  integration: ofExecution('integration'),
  integrationName: async (line, _args, request) => {
    const execution = await request.load.execution(line.executionId);
    return (
      execution && (await request.load.integration(execution.versionId ?? execution.integrationId))?.name
    );
  },
};

/** What the line's execution says of itself. */
function ofExecution(field: 'flow' | 'flowConfig' | 'integration') {
  return async ({ executionId }: LogLine, args: never, request: GraphqlRequest): Promise<unknown> => {
    const execution = await request.load.execution(executionId);
    return execution && executionFields[field]?.(execution, args, request);
  };
}
