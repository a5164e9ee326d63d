import { newerSegment } from '../../services/journal/fenced-error';
import { INLINE_LIMIT_BYTES } from '../../store/blobs';
import type { Execution, FanOut } from '../../store/models/execution.model';
import { decodeOutput, encodeOutput } from '../../store/output-codec';
import type { RunDeps } from '../run-deps';
import { handedOn, type NextPlace, type Page } from './store-page';

/** A page as it was fetched, with where the run stands behind it. */
export interface FetchedPage {
  page: Page;
  next: NextPlace;
}

/**
 * Keeps a page before runs are made of it: a crash in between takes up the same items again, whatever their source
 * would give by then. The first page needs none of it: it comes from the journal. Rejects with `FencedError`
 * when a newer segment of the trigger's run has begun.
 */
export async function keepPage(
  deps: Pick<RunDeps, 'store'>,
  execution: Execution,
  { page, next }: FetchedPage,
): Promise<void> {
  const { fanOut, _id, epoch, instanceId } = execution;
  if (!fanOut || page.items.length === 0) return;
  // Its own id makes it unlike any other content: it can be removed again.
  const kept = { of: `${_id}/${fanOut.pages}`, page: { ...page, payload: handedOn(page.payload) }, next };
  const bytes = encodeOutput({ data: kept });
  const stored: NonNullable<FanOut['page']> =
    bytes.length <= INLINE_LIMIT_BYTES
      ? { bytes, blobId: null }
      : { bytes: null, blobId: await deps.store.blobs.put(bytes, { instanceId, executionId: _id }) };
  const { matchedCount } = await deps.store.executions.collection.updateOne(
    { _id: _id as never, epoch, phase: 'running' },
    { $set: { 'fanOut.page': stored } },
  );
  if (matchedCount === 0) throw newerSegment();
  fanOut.page = stored;
}

/** The page whose runs a former segment did not get to make, or not all of them. */
export async function keptPage(
  deps: Pick<RunDeps, 'store'>,
  { fanOut }: Execution,
): Promise<FetchedPage | undefined> {
  if (!fanOut?.page) return undefined;
  const { bytes, blobId } = fanOut.page;
  const stored = blobId === null ? bytes : await deps.store.blobs.get(blobId);
  return stored === null ? undefined : (decodeOutput(stored).data as FetchedPage);
}

/** Removes what was kept of a page whose runs are there. */
export async function dropPage({ store }: Pick<RunDeps, 'store'>, page: FanOut['page']): Promise<void> {
  // What stays costs room until the instance goes, and nothing else.
  if (page?.blobId) await store.blobs.discard(page.blobId).catch(() => undefined);
}
