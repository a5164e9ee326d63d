import { type Connection, ConnectionError, connection } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

/** The connection to this server's own API, or to another one that speaks the same. */
export const apiKey = connection({
  key: 'apiKey',
  display: {
    label: 'API Token',
    description: 'An access token or a refresh token of the API.',
  },
  inputs: {
    apiKey: {
      label: 'Token',
      type: 'password',
      required: true,
      comments: 'An access token, or a refresh token as `prism me:token --type refresh` prints it.',
    },
    tenantId: {
      label: 'Tenant ID',
      type: 'string',
      comments: 'The organization, where a token stands for several.',
    },
    endpoint: {
      label: 'Endpoint',
      type: 'string',
      comments: 'Origin of the API, such as https://integrations.example.com; this server when empty.',
    },
  },
});

/** What the requests of a connection need. */
export interface ApiAccess {
  /** Origin, and path before `/api`, without a slash at its end. */
  origin: string;
  token: string;
  tenantId: string;
  connection: Connection;
}

/** Throws a connection error when the connection is missing or lacks a token, or the endpoint is no address. */
export function accessOf(
  given: Connection | undefined,
  context: { webhookUrls?: Record<string, string>; invokeUrl?: string },
): ApiAccess {
  if (typeof given !== 'object' || given === null)
    throw new Error('Connection is empty: choose the API to be called.');
  const field = (name: string) => cleanText(given.fields?.[name]).trim();
  const token = cleanText(given.token?.access_token) || field('apiKey');
  if (token === '') throw new ConnectionError(given, `Connection "${given.configVarKey}" holds no token.`);
  const origin = (field('endpoint') || ownOrigin(context)).replace(/\/+$/, '').replace(/\/api$/, '');
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) {
    throw new ConnectionError(
      given,
      `Endpoint of connection "${given.configVarKey}" must be an http or https address.`,
    );
  }
  return { origin, token, tenantId: field('tenantId'), connection: given };
}

/** This server as callers of its webhooks reach it. */
function ownOrigin({
  webhookUrls = {},
  invokeUrl = '',
}: {
  webhookUrls?: Record<string, string>;
  invokeUrl?: string;
}) {
  const url = [...Object.values(webhookUrls), invokeUrl].find((one) => one.includes('/trigger/'));
  return url?.slice(0, url.indexOf('/trigger/')) ?? '';
}
