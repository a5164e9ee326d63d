import { AppError } from '../../errors';
import type { DataSourceCall } from '../../store/models/data-source-call.model';
import type { Instance } from '../../store/models/instance.model';
import type { Deps } from '../context';
import { uuidv7 } from '../ids';
import { requireTemporal } from '../require-temporal';
import type { DataSourceAnswer, DataSourceRequest } from './data-source-request';

/**
 * Lets a worker call a data source with an instance's draft configuration, and gives the JSON text of its result.
 * Throws `component_failed` with the reason, `dependency_unavailable` when no worker does it in time.
 */
export async function callDataSource(
  deps: Deps,
  instance: Pick<Instance, '_id' | 'customerId' | 'name'>,
  request: DataSourceRequest,
): Promise<string> {
  await requireTemporal(deps, 'The data source could not be asked.');
  const { dataSourceCalls } = deps.store;
  const call: DataSourceCall = {
    _id: uuidv7(),
    instanceId: instance._id,
    sealedRequest: deps.sealer.seal(JSON.stringify(request)),
    sealedAnswer: null,
    createdAt: new Date(),
  };
  await dataSourceCalls.create(call);
  await deps.temporal.runDataSourceCall({
    input: { callId: call._id },
    instanceId: instance._id,
    customerId: instance.customerId,
    summary: `${instance.name} · ${request.component.key}.${request.key}`,
  });
  const answered = await dataSourceCalls.findByIdAndDelete(call._id).lean<DataSourceCall>();
  const sealed = answered?.sealedAnswer;
  if (!sealed) throw new AppError('dependency_unavailable', 'The answer of the data source was lost.');
  const answer = JSON.parse(deps.sealer.open(sealed)) as DataSourceAnswer;
  if (answer.isDone) return answer.content;
  throw new AppError('component_failed', `The data source "${request.key}" failed: ${answer.message}`);
}
