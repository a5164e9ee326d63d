import { exchange, type WireRequest } from './exchange';
import type { HttpAnswer } from './response';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const CREDENTIALS = /^(authorization|proxy-authorization|cookie|host)$/i;
const ABOUT_BODY = /^content-/i;

/**
 * Sends a request and follows redirects, at most so many. What is secret goes to no other host. Throws when
 * there are more, or one leads to something else than HTTP.
 */
export async function exchangeFollowing(
  first: WireRequest,
  maxRedirects: number,
  secretHeaders: string[],
): Promise<HttpAnswer> {
  let wire = first;
  for (let count = 0; ; count += 1) {
    const answer = await exchange(wire);
    const { location } = answer.headers;
    if (maxRedirects === 0 || !REDIRECTS.has(answer.status) || typeof location !== 'string') return answer;
    if (count >= maxRedirects) throw new Error(`more than ${maxRedirects} redirects`);
    wire = redirected(wire, answer.status, location, secretHeaders);
  }
}

function redirected(
  wire: WireRequest,
  status: number,
  location: string,
  secretHeaders: string[],
): WireRequest {
  if (!URL.canParse(location, wire.url.href))
    throw new Error('it was redirected to an address that cannot be read');
  const url = new URL(location, wire.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`it was redirected to ${url.protocol}`);
  const losesBody =
    (status === 303 && wire.method !== 'HEAD' && wire.method !== 'GET') ||
    ((status === 301 || status === 302) && wire.method === 'POST');
  const isElsewhere =
    url.host !== wire.url.host || (url.protocol === 'http:' && wire.url.protocol === 'https:');
  const secret = new Set(secretHeaders.map((name) => name.toLowerCase()));
  const headers = Object.entries(wire.headers).filter(
    ([name]) =>
      !(losesBody && ABOUT_BODY.test(name)) &&
      !(isElsewhere && (CREDENTIALS.test(name) || secret.has(name.toLowerCase()))),
  );
  return {
    ...wire,
    url,
    headers: Object.fromEntries(headers),
    ...(losesBody ? { method: 'GET', body: undefined } : {}),
  };
}
