import type { Execution } from '../../../store/models/execution.model';
import type { BatchResult } from '../../../temporal/contract';
import { searchAttributesOf } from '../../../temporal/search-attributes-of';
import type { Deps } from '../../context';
import { membersOf } from './begin-batch';

/** What a batch is found by with all of its members; it was started with the search attributes of the first ones. */
export async function foundBy(
  { store }: Pick<Deps, 'store'>,
  batch: { executionIds: readonly string[]; workflowId: string },
): Promise<NonNullable<BatchResult['searchAttributes']>> {
  const subjects = await store.executions
    .find(membersOf(batch), {
      instanceId: 1,
      customerId: 1,
      integrationId: 1,
      flowId: 1,
      versionId: 1,
      invokeType: 1,
    })
    .lean<Execution[]>();
  return searchAttributesOf(subjects.map((one) => ({ ...one, executionId: one._id }))).getAll();
}
