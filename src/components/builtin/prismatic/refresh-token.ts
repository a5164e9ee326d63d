import { ConnectionError } from '@prismatic-io/spectral';
import { exchange } from '../http/exchange';
import type { HttpAnswer } from '../http/response';
import type { ApiAccess } from './connection';

const TIMEOUT_MS = 30_000;

/**
 * The access token of a connection. A token that is a JWT is taken for one, unless `isRefused`; any other is a
 * refresh token, for which the API's sign-in server gives one. Throws a connection error when it does not.
 */
export async function accessToken(access: ApiAccess, isRefused: boolean): Promise<string> {
  if (!isRefused && isJwt(access.token)) return access.token;
  const meta = await signInServer(access);
  // A server that has no sign-in of its own knows access tokens only.
  if (meta === undefined) {
    if (!isRefused) return access.token;
    throw refusal(access, 'it is refused');
  }
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: meta.clientId,
    refresh_token: access.token,
    ...(access.tenantId === '' ? {} : { tenant_id: access.tenantId }),
  });
  const answer = await exchange({
    method: 'POST',
    url: new URL(`https://${meta.domain}/oauth/token`),
    headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
    ignoreSslErrors: false,
  });
  const { access_token: token, error_description: reason } = jsonOf(answer);
  if (typeof token === 'string' && token !== '') return token;
  throw refusal(access, typeof reason === 'string' ? reason : `the sign-in server answered ${answer.status}`);
}

async function signInServer({
  origin,
}: ApiAccess): Promise<{ domain: string; clientId: string } | undefined> {
  const answer = await exchange({
    method: 'GET',
    url: new URL(`${origin}/auth/meta`),
    headers: { Accept: 'application/json' },
    body: undefined,
    timeoutMs: TIMEOUT_MS,
    ignoreSslErrors: false,
  });
  const { domain, clientId } = jsonOf(answer);
  const isServed = answer.status === 200 && typeof domain === 'string' && typeof clientId === 'string';
  return isServed ? { domain, clientId } : undefined;
}

const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

const refusal = ({ connection }: ApiAccess, reason: string): ConnectionError =>
  new ConnectionError(
    connection,
    `The token of connection "${connection.configVarKey}" gives no access: ${reason}.`,
  );

function jsonOf({ bytes }: HttpAnswer): Record<string, unknown> {
  try {
    const body = JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
