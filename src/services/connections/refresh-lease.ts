import { randomUUID } from 'node:crypto';
import type { ConnectionState } from '../../store/models/connection.model';
import type { Deps } from '../context';

/** Longer than a refresh takes with all of its tries; a process that dies holds others up for so long. */
const LEASE_MS = 45_000;

/** The right to refresh one connection. */
export interface Lease {
  holder: string;
  /** As it was read when the lease was taken. */
  state: ConnectionState;
  /** Somebody held the lease before and never gave it back: its refresh may have gone through at the provider. */
  wasInterrupted: boolean;
}

/**
 * Takes the lease on a record that is still at `version`; nothing when somebody else holds it or the version has
 * changed. Times are the database's own, so that the clocks of processes do not matter.
 */
export async function takeLease(
  deps: Pick<Deps, 'store'>,
  id: string,
  version: number,
): Promise<Lease | undefined> {
  const holder = randomUUID();
  const before = await deps.store.connections.collection.findOneAndUpdate(
    {
      _id: id as never,
      version,
      $expr: { $lte: [{ $ifNull: ['$lease.until', new Date(0)] }, '$$NOW'] },
    },
    [
      {
        $set: {
          lease: {
            holder,
            until: { $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: LEASE_MS } },
          },
        },
      },
    ],
    { returnDocument: 'before' },
  );
  if (!before) return undefined;
  const state = before as unknown as ConnectionState;
  return { holder, state, wasInterrupted: state.lease !== null };
}
