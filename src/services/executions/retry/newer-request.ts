import { indexedText } from '../../../store/indexed-text';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/**
 * The run of a request with the same id that was accepted after this one's own request and is no duplicate; undefined
 * when there is none, or the flow takes no ids.
 */
export async function findNewerRequest(
  { store }: Pick<Deps, 'store'>,
  execution: Pick<Execution, '_id' | 'requestKey' | 'acceptedAt' | 'retryOf'>,
): Promise<string | undefined> {
  const { requestKey, retryOf } = execution;
  if (requestKey === undefined) return undefined;
  const newer = {
    requestKey: indexedText(requestKey),
    acceptedAt: { $gt: retryOf?.rootAcceptedAt ?? execution.acceptedAt },
    // Attempts of other requests are not requests.
    retryOf: null,
    // What a queue ended so never ran.
    resultType: { $ne: 'CANCELED_AS_DUPLICATE' as const },
  };
  const found = await store.executions.findOne(newer, { _id: 1 }).sort({ acceptedAt: -1 }).lean();
  return found?._id;
}
