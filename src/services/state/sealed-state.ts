import { decodeState, encodeState, type StateObject } from '../../store/output-codec';
import type { Deps } from '../context';

type SealingDeps = Pick<Deps, 'sealer'>;

/** No MessagePack begins with it, so what was stored before states were sealed is told apart. */
const MARK = 0xc1;

/**
 * A state object as it is stored, wherever that is: components keep tokens and signing secrets in them, and get
 * them back as they were. Throws for what could not be read back.
 */
export function sealState({ sealer }: SealingDeps, state: StateObject): Buffer {
  return Buffer.concat([Buffer.of(MARK), sealer.sealBytes(encodeState(state))]);
}

/** The inverse of {@link sealState}; opens what a former release stored readable, too. */
export function openState({ sealer }: SealingDeps, stored: Uint8Array): StateObject {
  return decodeState(stored[0] === MARK ? sealer.openBytes(stored.subarray(1)) : stored);
}
