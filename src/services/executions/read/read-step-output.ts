import type { Execution } from '../../../store/models/execution.model';
import type { StepResult } from '../../../store/models/step-result.model';
import { decodeOutput, type StepOutput } from '../../../store/output-codec';
import type { Deps } from '../../context';

/** What a step left behind, wherever it is kept; `data` is null for a step that failed. */
export async function readStepOutput(
  deps: Pick<Deps, 'store'>,
  step: Pick<StepResult, 'outputBlobId'> & Partial<Pick<StepResult, 'output'>>,
): Promise<StepOutput> {
  const bytes = await readBytes(deps, step.output ?? null, step.outputBlobId);
  return bytes === null ? { data: null } : decodeOutput(bytes);
}

/** The body that started an execution, byte for byte; empty if there was none. */
export async function readRequestBody(
  deps: Pick<Deps, 'store'>,
  execution: Pick<Execution, 'request'>,
): Promise<Buffer> {
  const { body, bodyBlobId } = execution.request;
  return (await readBytes(deps, body, bodyBlobId)) ?? Buffer.alloc(0);
}

async function readBytes(
  deps: Pick<Deps, 'store'>,
  inline: Buffer | null,
  blobId: string | null,
): Promise<Buffer | null> {
  if (blobId !== null) return deps.store.blobs.get(blobId);
  return inline;
}
