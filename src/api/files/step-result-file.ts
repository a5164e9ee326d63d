import { isUtf8 } from 'node:buffer';
import type { Deps, RequestContext } from '../../services/context';
import { getStepResult } from '../../services/executions/read/get-step-result';
import { readStepOutput } from '../../services/executions/read/read-step-output';
import { encodeOutput, type StepOutput } from '../../store/output-codec';

const JSON_TYPE = /^application\/([\w.-]+\+)?json\b/i;
const TEXT_TYPE = /^(text\/|application\/([\w.-]+\+)?xml\b)/i;

/** What a step left behind, as MessagePack of `data` and `contentType`. Throws `not_found`. */
export async function stepResultFile(deps: Deps, ctx: RequestContext, id: string): Promise<Buffer> {
  const step = await getStepResult(deps, ctx, { id });
  return encodeOutput(forReaders(await readStepOutput(deps, step)));
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
