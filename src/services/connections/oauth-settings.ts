import type { PlanConnection } from '../../engine/plan';
import { parseJson } from '../instances/config/check-value';

/** Fields that say where an OAuth connection sends the client's secret, and what goes along. */
export const OAUTH_ADDRESSES: readonly string[] = [
  'authorizeUrl',
  'tokenUrl',
  'refreshUrl',
  'revokeUrl',
  'headers',
];

/** What the OAuth 2 protocol is run with; read from the fields of a connection. */
export interface OauthSettings {
  type: 'authorization_code' | 'client_credentials';
  /** Empty for client credentials. */
  authorizeUrl: string;
  tokenUrl: string;
  /** Where tokens are refreshed; the token URL unless the connection names another. */
  refreshUrl: string;
  /** Separated by blanks; empty to leave the choice to the provider. */
  scopes: string;
  clientId: string;
  /** Empty for a public client. */
  clientSecret: string;
  /** Sent along with requests for tokens. */
  headers: Record<string, string>;
  /** Absent where the connection does not use PKCE. */
  pkceMethod?: 'S256' | 'plain';
}

/** Reads the settings; nothing for a connection that is none of OAuth 2. Fields that are not set are empty. */
export function oauthSettings(
  connection: PlanConnection,
  fields: Record<string, string>,
): OauthSettings | undefined {
  const { oauth2Type, oauth2PkceMethod } = connection;
  if (oauth2Type === undefined) return undefined;
  const field = (name: string) => (fields[name] ?? '').trim();
  return {
    type: oauth2Type,
    authorizeUrl: oauth2Type === 'authorization_code' ? field('authorizeUrl') : '',
    tokenUrl: field('tokenUrl'),
    refreshUrl: field('refreshUrl') || field('tokenUrl'),
    scopes: field('scopes'),
    clientId: field('clientId'),
    clientSecret: field('clientSecret'),
    headers: readHeaders(field('headers')),
    ...(oauth2PkceMethod ? { pkceMethod: oauth2PkceMethod === 'plain' ? 'plain' : 'S256' } : {}),
  };
}

/** What keeps the protocol from being run: one sentence a fault, naming the field. */
export function settingsFaults(settings: OauthSettings): string[] {
  const faults: string[] = [];
  const wantsUrl = (name: string, text: string) => {
    if (!isWebUrl(text)) faults.push(`The field "${name}" must be an http or https address.`);
  };
  if (settings.type === 'authorization_code') wantsUrl('authorizeUrl', settings.authorizeUrl);
  wantsUrl('tokenUrl', settings.tokenUrl);
  if (settings.refreshUrl !== settings.tokenUrl) wantsUrl('refreshUrl', settings.refreshUrl);
  if (settings.clientId === '') faults.push('The field "clientId" needs a value.');
  return faults;
}

/** Whether a browser or a request may be sent there. */
export function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Pairs as JSON text: a list of `{key, value}` or an object. */
function readHeaders(text: string): Record<string, string> {
  const given = text === '' ? undefined : parseJson(text);
  if (typeof given !== 'object' || given === null) return {};
  const pairs: unknown[][] = Array.isArray(given)
    ? given.map((pair: { key?: unknown; value?: unknown } | null) => [pair?.key, pair?.value])
    : Object.entries(given);
  const headers = pairs.flatMap(([name, value]): [string, string][] =>
    typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof value === 'string'
      ? [[name.toLowerCase(), value]]
      : [],
  );
  return Object.fromEntries(headers);
}
