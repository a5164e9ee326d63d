import { isUtf8 } from 'node:buffer';
import type { Deps, RequestContext } from '../../services/context';
import { getStepResult } from '../../services/executions/read/get-step-result';
import {
  type Pieces,
  readStepOutput,
  stepOutputPieces,
} from '../../services/executions/read/read-step-output';
import type { StepResult } from '../../store/models/step-result.model';
import { encodeOutput, type StepOutput } from '../../store/output-codec';
import { type OutputHead, outputPrefix, readOutputHead } from '../../store/output-head';
import { oneAfterAnother } from './one-after-another';

const JSON_TYPE = /^application\/([\w.-]+\+)?json\b/i;
const TEXT_TYPE = /^(text\/|application\/([\w.-]+\+)?xml\b)/i;

/**
 * What a step left behind, as MessagePack of `data` and `contentType`. Handed on as it is stored unless its
 * readers expect another form, for which it is read whole. Throws `not_found`.
 */
export async function stepResultFile(deps: Deps, ctx: RequestContext, id: string): Promise<Pieces> {
  const step = await getStepResult(deps, ctx, { id });
  if (step.outputBlobId === null) return converted(deps, step);
  const pieces = stepOutputPieces(deps, step);
  const first = await firstOf(pieces);
  const head = first && readOutputHead(first);
  if (!head || needsConversion(head)) return oneAfterAnother(() => converted(deps, step));
  return asStored(head, stepOutputPieces(deps, step));
}

async function converted(deps: Deps, step: StepResult): Promise<Pieces> {
  return [encodeOutput(forReaders(await readStepOutput(deps, step)))];
}

async function* asStored({ contentType, dataOffset }: OutputHead, stored: Pieces): AsyncGenerator<Buffer> {
  yield outputPrefix(contentType);
  let skip = dataOffset;
  for await (const piece of stored) {
    yield piece.subarray(skip);
    skip = 0;
  }
}

async function firstOf(pieces: Pieces): Promise<Buffer | undefined> {
  for await (const piece of pieces) return piece;
  return undefined;
}

/** Whether {@link forReaders} may change data of that kind. */
function needsConversion({ contentType, kind }: OutputHead): boolean {
  return JSON_TYPE.test(contentType) ? kind !== 'bytes' : TEXT_TYPE.test(contentType) && kind === 'bytes';
}

/**
 * Brings `data` into the form that readers of these files expect of its content type: JSON as text, text as
 * text. Without a content type any structure may stand there.
 */
export function forReaders({ data = null, contentType = '' }: StepOutput): StepOutput {
  if (data === null) return { data, contentType };
  if (JSON_TYPE.test(contentType)) return { data: isJson(data) ? data : JSON.stringify(data), contentType };
  const isBytesOfText = TEXT_TYPE.test(contentType) && Buffer.isBuffer(data) && isUtf8(data);
  return { data: isBytesOfText ? data.toString('utf8') : data, contentType };
}

function isJson(data: unknown): boolean {
  if (Buffer.isBuffer(data)) return true;
  if (typeof data !== 'string') return false;
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}
