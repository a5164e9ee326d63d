import type { Execution } from '../../../store/models/execution.model';
import type { StepResult } from '../../../store/models/step-result.model';
import type { StoredAnswer } from '../../../store/models/stored-exchange';
import { decodeOutput, type StepOutput } from '../../../store/output-codec';
import type { Deps } from '../../context';

/** Stored content, read as it is asked for. */
export type Pieces = Iterable<Buffer> | AsyncIterable<Buffer>;

type StoredOutput = Pick<StepResult, 'outputBlobId'> & Partial<Pick<StepResult, 'output'>>;

/** What a step left behind, wherever it is kept; `data` is null for a step that failed. */
export async function readStepOutput(deps: Pick<Deps, 'store'>, step: StoredOutput): Promise<StepOutput> {
  const bytes = await readBytes(deps, step.output ?? null, step.outputBlobId);
  return bytes === null ? { data: null } : decodeOutput(bytes);
}

/** The same still encoded, in pieces; the first one of a blob holds more than the fields before the data. */
export function stepOutputPieces(deps: Pick<Deps, 'store'>, step: StoredOutput): Pieces {
  return readPieces(deps, step.output ?? null, step.outputBlobId);
}

/** The body that started an execution, byte for byte; empty if there was none. */
export async function readRequestBody(
  deps: Pick<Deps, 'store'>,
  { request: { body, bodyBlobId } }: Pick<Execution, 'request'>,
): Promise<Buffer> {
  return (await readBytes(deps, body, bodyBlobId)) ?? Buffer.alloc(0);
}

/** The body of a request or of an answer, in pieces; none if there was none. */
export function bodyPieces(
  deps: Pick<Deps, 'store'>,
  { body, bodyBlobId }: Pick<StoredAnswer, 'body' | 'bodyBlobId'>,
): Pieces {
  return readPieces(deps, body, bodyBlobId);
}

async function readBytes(
  deps: Pick<Deps, 'store'>,
  inline: Buffer | null,
  blobId: string | null,
): Promise<Buffer | null> {
  if (blobId !== null) return deps.store.blobs.get(blobId);
  return inline && asBuffer(inline);
}

function readPieces({ store }: Pick<Deps, 'store'>, inline: Buffer | null, blobId: string | null): Pieces {
  if (blobId !== null) return store.blobs.read(blobId);
  return inline === null ? [] : [asBuffer(inline)];
}

/** Lean reads of nested documents give the driver's own binary type in place of a Buffer. */
function asBuffer(bytes: Buffer): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from((bytes as { buffer: Uint8Array }).buffer);
}
