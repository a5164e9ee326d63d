import { readPath } from '../../../engine/paths';
import type { PlanEndpoint } from '../../../engine/plan';
import type { Deps } from '../../context';
import { parseBody } from '../read/parse-body';
import { readLastResult } from '../read/read-last-result';

/** What a delivery says in one place: a text, nothing, or something that can be no name. */
export type RoutingField = string | undefined | { unusable: string };

/** Where a delivery at a shared address belongs, as it says itself. */
export interface RoutingFields {
  flowName: RoutingField;
  externalCustomerId: RoutingField;
  externalCustomerUserId: RoutingField;
}

/** The request of a delivery whose body has been read. */
export interface WholeRequest {
  headers: [name: string, value: string][];
  query: string;
  pathFragment: string;
  contentType: string;
  body: Buffer;
}

/**
 * Reads the fields by the endpoint's paths: below `payload` in the request, below a step's key in what that step
 * of the preprocess flow gave.
 */
export async function routingFields(
  deps: Pick<Deps, 'store'>,
  endpoint: PlanEndpoint,
  request: WholeRequest,
  preprocessExecutionId: string | undefined,
): Promise<RoutingFields> {
  const payload = isPayloadRead(endpoint) ? await payloadOf(request) : undefined;
  const read = async (path: string[] | undefined): Promise<RoutingField> => {
    const [root, ...rest] = path ?? [];
    if (root === undefined) return undefined;
    if (root === 'payload') return fieldOf(readPath({ results: payload }, rest));
    if (preprocessExecutionId === undefined) return undefined;
    return fieldOf(readPath({ results: await readLastResult(deps, preprocessExecutionId, root) }, rest));
  };
  const [flowName, externalCustomerId, externalCustomerUserId] = await Promise.all([
    read(endpoint.flowName),
    read(endpoint.externalCustomerId),
    read(endpoint.externalCustomerUserId),
  ]);
  return { flowName, externalCustomerId, externalCustomerUserId };
}

const isPayloadRead = (endpoint: PlanEndpoint): boolean =>
  [endpoint.flowName, endpoint.externalCustomerId, endpoint.externalCustomerUserId].some(
    (path) => path?.[0] === 'payload',
  );

async function payloadOf({ headers, query, pathFragment, contentType, body }: WholeRequest) {
  return {
    headers: Object.fromEntries(headers),
    queryParameters: Object.fromEntries(new URLSearchParams(query)),
    pathFragment,
    body: { data: await parseBody(body, contentType), contentType },
  };
}

function fieldOf(value: unknown): RoutingField {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || isExact(value)) return String(value);
  return { unusable: kindOf(value) };
}

/** A longer integer has lost its last digits when it was read, and could be somebody else's number. */
const isExact = (value: unknown): boolean =>
  Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (Number.isInteger(value)) return 'a number of more than 15 digits, which JSON does not keep exactly';
  return typeof value === 'object' ? 'an object' : String(value);
}
