import type { Deps } from '../../context';

/** Frees the places of runs that were ended without our code, which frees them itself. */
export async function releaseEnded({ store }: Pick<Deps, 'store'>, key: string): Promise<void> {
  await store.executions.updateMany(
    { 'queue.state': { $in: ['entering', 'waiting', 'admitted'] }, 'queue.key': key, phase: 'ended' },
    { $set: { 'queue.state': 'left' }, $unset: { 'queue.slot': 1, 'queue.dedupeKey': 1 } },
  );
}
