import { notFound } from '../../errors';
import type { Deps, RequestContext } from '../../services/context';
import { getExecution } from '../../services/executions/read/get-execution';
import { bodyPieces, type Pieces } from '../../services/executions/read/read-step-output';
import type { StoredAnswer } from '../../store/models/stored-exchange';
import { base64Pieces } from './base64-pieces';

/** What started an execution, as JSON of `body` (base64), `contentType` and `headers`. Throws `not_found`. */
export async function requestPayloadFile(deps: Deps, ctx: RequestContext, id: string): Promise<Pieces> {
  const { request } = await getExecution(deps, ctx, { id });
  const { contentType, headers } = request;
  return jsonWithBody(bodyPieces(deps, request), { contentType, headers: joinHeaders(headers) });
}

/** What a flow answered its caller. Throws `not_found`, also for an execution that answered nothing. */
export async function responsePayloadFile(deps: Deps, ctx: RequestContext, id: string): Promise<Pieces> {
  const { answer } = await getExecution(deps, ctx, { id });
  if (!answer || isDefault(answer)) throw notFound('An answer of this execution');
  const { statusCode, contentType, headers } = answer;
  return jsonWithBody(bodyPieces(deps, answer), { statusCode, contentType, headers });
}

/** What the door answers when the flow says nothing of its own. */
function isDefault({ statusCode, headers, body, bodyBlobId }: StoredAnswer): boolean {
  return statusCode === 200 && body === null && bodyBlobId === null && Object.keys(headers).length === 0;
}

/** JSON of `body` and the other fields, of which there is one at least; the body is never whole in memory. */
async function* jsonWithBody(body: Pieces, rest: Record<string, unknown>): AsyncGenerator<Buffer> {
  yield Buffer.from('{"body":"');
  yield* base64Pieces(body);
  yield Buffer.from(`",${JSON.stringify(rest).slice(1)}`);
}

/** Of one connection or one body: whoever sends the request again has others, and clients refuse to send these. */
const OF_CONNECTION =
  /^(connection|content-length|expect|host|keep-alive|proxy-[\w-]+|te|trailer|transfer-encoding|upgrade)$/i;

/** Repeated headers become one, as HTTP reads them. */
function joinHeaders(headers: [name: string, value: string][]): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    if (OF_CONNECTION.test(name)) continue;
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(joined);
}
