import { ConnectionError } from '@prismatic-io/spectral';
import { exchange } from '../http/exchange';
import type { HttpAnswer } from '../http/response';
import type { ApiAccess } from './connection';
import { accessToken } from './refresh-token';

const TIMEOUT_MS = 60_000;

/** What a GraphQL server answered. */
export interface GraphqlAnswer {
  data?: Record<string, unknown> | null;
  errors?: { message?: string }[];
}

/**
 * Sends a GraphQL document. Throws a connection error when the token is refused, and an error with the server's
 * own words when it refuses the document.
 */
export async function requestGraphql(
  access: ApiAccess,
  query: string,
  variables: Record<string, unknown>,
): Promise<GraphqlAnswer> {
  const answer = await send(access, await accessToken(access, false), query, variables);
  if (answer.status !== 401) return bodyOf(access, answer);
  // What was taken for an access token may be a refresh token.
  const refreshed = await accessToken(access, true);
  return bodyOf(access, await send(access, refreshed, query, variables));
}

function send(access: ApiAccess, token: string, query: string, variables: object): Promise<HttpAnswer> {
  return exchange({
    method: 'POST',
    url: new URL(`${access.origin}/api`),
    headers: {
      Accept: 'application/json',
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'User-Agent': 'tenon',
    },
    body: JSON.stringify({ query, variables }),
    timeoutMs: TIMEOUT_MS,
    ignoreSslErrors: false,
  });
}

function bodyOf({ connection, origin }: ApiAccess, { status, bytes }: HttpAnswer): GraphqlAnswer {
  const text = Buffer.from(bytes).toString('utf8');
  if (status === 401) {
    throw new ConnectionError(
      connection,
      `The API at ${origin} refuses the token of connection "${connection.configVarKey}".`,
    );
  }
  const body = parse(text);
  const isAnswer = body !== undefined && (body.data !== undefined || Array.isArray(body.errors));
  if (!isAnswer)
    throw new Error(`The API at ${origin} answered with status ${status}: ${text.slice(0, 300)}`);
  // Without data nothing of the document was carried out.
  if (body.data === undefined || status >= 400)
    throw new Error(`The API refuses the request: ${messagesOf(body)}`);
  return body;
}

/** The messages of the errors in an answer, in one line. */
export function messagesOf({ errors = [] }: GraphqlAnswer): string {
  return errors.map(({ message }) => message ?? 'unknown error').join('; ');
}

function parse(text: string): GraphqlAnswer | undefined {
  try {
    const body = JSON.parse(text) as unknown;
    return typeof body === 'object' && body !== null ? (body as GraphqlAnswer) : undefined;
  } catch {
    return undefined;
  }
}
