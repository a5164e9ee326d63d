import { notFound } from '../../errors';
import type { Deps, RequestContext } from '../../services/context';
import { getExecution } from '../../services/executions/read/get-execution';
import { readRequestBody } from '../../services/executions/read/read-step-output';
import type { StoredAnswer } from '../../store/models/execution.model';

/** What started an execution, as JSON of `body` (base64), `contentType` and `headers`. Throws `not_found`. */
export async function requestPayloadFile(deps: Deps, ctx: RequestContext, id: string): Promise<Buffer> {
  const execution = await getExecution(deps, ctx, { id });
  const body = await readRequestBody(deps, execution);
  const { contentType, headers } = execution.request;
  return jsonOf({ body: body.toString('base64'), contentType, headers: joinHeaders(headers) });
}

/** What a flow answered its caller. Throws `not_found`, also for an execution that answered nothing. */
export async function responsePayloadFile(deps: Deps, ctx: RequestContext, id: string): Promise<Buffer> {
  const { answer } = await getExecution(deps, ctx, { id });
  // Status 0 stands for a trigger without a response of its own.
  if (!answer || answer.statusCode === 0) throw notFound('An answer of this execution');
  const { statusCode, contentType, headers } = answer;
  const body = await readAnswerBody(deps, answer);
  return jsonOf({ statusCode, body: body.toString('base64'), contentType, headers });
}

async function readAnswerBody(deps: Deps, { body, bodyBlobId }: StoredAnswer): Promise<Buffer> {
  if (bodyBlobId !== null) return deps.store.blobs.get(bodyBlobId);
  if (body === null || Buffer.isBuffer(body)) return body ?? Buffer.alloc(0);
  // Lean reads give the driver's own binary type in place of a Buffer.
  return Buffer.from((body as { buffer: Uint8Array }).buffer);
}

/** Repeated headers become one, as HTTP reads them. */
function joinHeaders(headers: [name: string, value: string][]): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(joined);
}

function jsonOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
