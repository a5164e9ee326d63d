import type { Problem } from '../../src/api/error-response';
import { codesOf, type Endpoint } from '../../src/api/rest/endpoint';
import { ENDPOINTS } from '../../src/api/rest/routes';
import { ERRORS, type ErrorCode } from '../../src/errors';

/** An answer of one of our doors. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** What operations answered in this file so far: `operationId` → statuses and codes. */
export const seenAnswers = new Map<string, Set<string>>();

/**
 * A caller of the REST API with an access token, or without. Each answer is held against what OpenAPI promises
 * of its operation: the shape of a success, and the codes of a refusal.
 */
export function restCaller(apiUrl: string, accessToken?: string) {
  return async <T = Record<string, never>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> => {
    const response = await fetch(`${apiUrl}/api/v1${path}`, {
      method,
      headers: {
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
    const endpoint = endpointOf(method, path);
    if (endpoint) checkAnswer(endpoint, answer);
    return answer as Answer<T>;
  };
}

function endpointOf(method: string, path: string): Endpoint | undefined {
  const bare = path.split('?')[0] ?? '';
  const fits = (endpoint: Endpoint) =>
    endpoint.method === method.toLowerCase() &&
    new RegExp(`^${endpoint.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare);
  // Fixed paths win over those with an id, as they do where they are mounted.
  const isFixed = (endpoint: Endpoint) => !endpoint.path.includes('{');
  return ENDPOINTS.find((endpoint) => isFixed(endpoint) && fits(endpoint)) ?? ENDPOINTS.find(fits);
}

function checkAnswer(endpoint: Endpoint, { status, headers, body }: Answer<unknown>): void {
  const { operationId } = endpoint;
  const note = (seen: string) =>
    seenAnswers.set(operationId, (seenAnswers.get(operationId) ?? new Set()).add(seen));
  if (status < 300) {
    note(String(status));
    expect([operationId, status]).toEqual([operationId, endpoint.successStatus]);
    // What the schema does not name would be stripped by it, and so show as a difference.
    expect([operationId, endpoint.response?.parse(body) ?? {}]).toEqual([operationId, body]);
    return;
  }
  const problem = body as Problem;
  note(problem.code);
  expect([operationId, codesOf(endpoint)]).toEqual([operationId, expect.arrayContaining([problem.code])]);
  expectProblem({ status, headers, body }, problem.code);
}

/** An RFC 9457 problem with everything that ours carry. */
export function expectProblem({ status, headers, body }: Answer<unknown>, code: ErrorCode): void {
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({
    type: `urn:tenon:error:${code}`,
    title: expect.stringMatching(/^[A-Z]/),
    detail: expect.stringMatching(/./),
    status,
    code,
    hint: ERRORS[code].hint,
    retryable: ERRORS[code].retryable,
    requestId: headers.get('x-request-id'),
    errors: expect.any(Array),
  });
  expect(status).toBe(ERRORS[code].status);
}
