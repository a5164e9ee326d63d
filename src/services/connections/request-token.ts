import * as oauth from 'oauth4webapi';
import { secretPattern } from '../../components/runner/secret-forms';
import type { Deps } from '../context';
import type { OauthSettings } from './oauth-settings';
import { outgoingFetchOf } from './outgoing-fetch';
import { plain, readTokenAnswer, type Token } from './token-answer';
import { TokenFailure } from './token-failure';

/** A provider that has not answered by then counts as away. */
const TIMEOUT_MS = 15_000;

/** By what a token is asked for. */
export type TokenRequest =
  | { by: 'code'; code: string; redirectUri: string; verifier: string | undefined }
  | { by: 'refresh'; refreshToken: string }
  | { by: 'client' };

/** Asks the provider for a token. Throws {@link TokenFailure} when there is none, whatever the reason. */
export async function requestToken(
  { env }: Pick<Deps, 'env'>,
  settings: OauthSettings,
  request: TokenRequest,
): Promise<Token> {
  const { clientSecret } = settings;
  const send = outgoingFetchOf(env);
  try {
    if (clientSecret === '') return await exchange(send, settings, request, oauth.None());
    return await exchange(send, settings, request, oauth.ClientSecretPost(clientSecret)).catch(
      (error: unknown) => {
        if (!(error instanceof TokenFailure) || error.code !== 'invalid_client') throw error;
        // Some providers take the client's credentials in a header only; a refused client has used up nothing.
        return exchange(send, settings, request, oauth.ClientSecretBasic(clientSecret));
      },
    );
  } catch (error) {
    throw asFailure(error, settings, request);
  }
}

async function exchange(
  outgoingFetch: typeof fetch,
  settings: OauthSettings,
  request: TokenRequest,
  authentication: oauth.ClientAuth,
): Promise<Token> {
  const endpoint = request.by === 'refresh' ? settings.refreshUrl : settings.tokenUrl;
  const server: oauth.AuthorizationServer = { issuer: endpoint, token_endpoint: endpoint };
  const client: oauth.Client = { client_id: settings.clientId };
  const options = {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<'POST', URLSearchParams>) =>
      outgoingFetch(url, {
        ...(init as RequestInit),
        headers: { ...init.headers, ...settings.headers },
      }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const response = await sendAs(server, client, authentication, settings, request, options);
  return readTokenAnswer(response);
}

function sendAs(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
  { scopes }: OauthSettings,
  request: TokenRequest,
  options: oauth.TokenEndpointRequestOptions,
): Promise<Response> {
  switch (request.by) {
    case 'refresh':
      return oauth.refreshTokenGrantRequest(server, client, authentication, request.refreshToken, options);
    case 'client': {
      const parameters = new URLSearchParams(scopes === '' ? {} : { scope: scopes });
      return oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, options);
    }
    default: {
      const { code, redirectUri, verifier } = request;
      const given = oauth.validateAuthResponse(server, client, new URLSearchParams({ code }));
      return oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        given,
        redirectUri,
        verifier ?? oauth.nopkce,
        options,
      );
    }
  }
}

function asFailure(error: unknown, settings: OauthSettings, request: TokenRequest): TokenFailure {
  const secrets = [settings.clientSecret, ...Object.values(settings.headers)];
  if (request.by === 'refresh') secrets.push(request.refreshToken);
  if (request.by === 'code') secrets.push(request.code, request.verifier ?? '');
  const pattern = secretPattern(secrets);
  const shown = (text: string) => plain(pattern ? text.replace(pattern, '[redacted]') : text);
  if (error instanceof TokenFailure) return new TokenFailure(shown(error.message), error.isFinal, error.code);
  return new TokenFailure(`The provider could not be reached: ${shown(reasonOf(error))}`, false);
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = (error ?? {}) as { name?: unknown; message?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const { message: why, code } = (cause ?? {}) as { message?: unknown; code?: unknown };
  const told = [why, code, message].find((text) => typeof text === 'string' && text !== '');
  return typeof told === 'string' ? told : 'no answer';
}
