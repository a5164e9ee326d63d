import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { gathererOf } from '../start/gatherer-of';
import type { Endpoint } from './find-endpoint';
import { findFirst, type StoreOptions, storeDelivery } from './store-delivery';
import { type IncomingRequest, isSmall, readAhead, storedRequest } from './stored-request';

/** Stores a delivery, decides whether it starts at once or gathers, and lets it go. */
export async function storeAndStart(
  deps: Deps,
  endpoint: Endpoint,
  incoming: IncomingRequest,
  options: StoreOptions,
  isAwaited = false,
): Promise<{ execution: Execution; isDuplicate: boolean; start: Promise<void> }> {
  const { idempotencyKey } = options;
  const body = await readAhead(incoming.body);
  // A repeated delivery must not leave a body that nothing refers to.
  const first = idempotencyKey && !isSmall(body) && (await findFirst(deps, endpoint, idempotencyKey));
  if (first) return { execution: first, isDuplicate: true, start: Promise.resolve() };
  const owner = { instanceId: endpoint.instance._id };
  const request = await storedRequest(deps, { ...incoming, body }, owner);
  // Only now, since the sender may take its time.
  const gatherer = gathererOf(deps);
  const { customerId, stepsPerActivity } = endpoint.instance;
  const isAlone = stepsPerActivity !== null;
  const isAtOnce = gatherer.reserve({ customerId, isAlone, isAwaited });
  let stored: { execution: Execution; isDuplicate: boolean } | undefined;
  try {
    stored = await storeDelivery(deps, endpoint, request, { ...options, isAwaited, isAtOnce });
  } finally {
    if (isAtOnce && (!stored || stored.isDuplicate)) gatherer.cancelReservation();
  }
  if (stored.isDuplicate) return { ...stored, start: Promise.resolve() };
  const startable = { execution: stored.execution, isAlone, isAwaited };
  const start = isAtOnce ? gatherer.startReserved(startable) : gatherer.offer(startable);
  return { ...stored, start };
}
