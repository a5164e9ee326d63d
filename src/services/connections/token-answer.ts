import { parseJson } from '../instances/config/check-value';
import { TokenFailure } from './token-failure';

/** What a provider answered to a request for a token: everything in it, for components that read more. */
export type Token = { access_token: string; token_type: string; expires_in?: number } & Record<
  string,
  unknown
>;

const MOST_BYTES = 1_000_000;
const LONGEST_REASON = 300;
/** Error codes that say "later", of RFC 6749 and of the device grant. */
const TEMPORARY = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/**
 * Reads the answer of a token endpoint more leniently than the RFC: providers leave the type out, write numbers as
 * text, encode the answer as a form, or report errors with status 200. Throws {@link TokenFailure}.
 */
export async function readTokenAnswer(response: Response): Promise<Token> {
  const answer = parseAnswer(await readText(response));
  const { access_token: accessToken, token_type: type, expires_in: seconds } = answer ?? {};
  if (response.ok && typeof accessToken === 'string' && accessToken !== '') {
    const { expires_in: _, ...rest } = answer as Record<string, unknown>;
    const lifetime = Number(seconds ?? Number.NaN);
    return {
      ...rest,
      access_token: accessToken,
      token_type: typeof type === 'string' && type !== '' ? type : 'Bearer',
      ...(Number.isFinite(lifetime) && lifetime > 0 ? { expires_in: lifetime } : {}),
    };
  }
  throw failureOf(response.status, answer);
}

function failureOf(status: number, answer: Record<string, unknown> | undefined): TokenFailure {
  const { error, error_description: description } = answer ?? {};
  if (typeof error !== 'string' || error === '') {
    const missing = status === 200 ? 'no access token' : `status ${status} without an OAuth error`;
    return new TokenFailure(`The provider answered with ${missing}.`, false);
  }
  const said = typeof description === 'string' && description !== '' ? `${error}: ${description}` : error;
  const isTemporary = TEMPORARY.has(error) || status >= 500 || status === 429;
  return new TokenFailure(`The provider refused: ${said}`, !isTemporary, error);
}

/** Texts of providers are shown to people: one line, not too long. */
export function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

function parseAnswer(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  if (value !== undefined || !/(^|&)(access_token|error)=/.test(text)) return undefined;
  return Object.fromEntries(new URLSearchParams(text));
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES)
      throw new TokenFailure('The provider answered with more than a token can be.', false);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
