import {
  type Connection,
  ConnectionError,
  connection,
  OAuth2Type,
  oauth2Connection,
} from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

export const basic = connection({
  key: 'basic',
  display: {
    label: 'Basic Username/Password',
    description: 'User name and password (HTTP basic authentication).',
  },
  inputs: {
    username: { label: 'Username', type: 'string', required: true },
    password: { label: 'Password', type: 'password' },
  },
});

export const apiKey = connection({
  key: 'apiKey',
  display: { label: 'API Key', description: 'An API key in a header.' },
  inputs: {
    apiKey: { label: 'API Key', type: 'password', required: true },
    headerKey: {
      label: 'Header Key',
      type: 'string',
      default: 'Authorization',
      comments: 'Name of the header.',
    },
    authScheme: {
      label: 'Authentication Scheme',
      type: 'string',
      default: 'Basic',
      comments: 'Word before the key, such as Bearer; none when empty.',
    },
  },
});

export const bearerToken = connection({
  key: 'bearerToken',
  display: { label: 'Bearer Token', description: 'A token in the Authorization header.' },
  inputs: { token: { label: 'Token', type: 'password', required: true } },
});

const client = {
  clientId: { label: 'Client ID', type: 'string', required: true },
  clientSecret: { label: 'Client Secret', type: 'password', required: true },
  headers: {
    label: 'Headers',
    type: 'string',
    collection: 'keyvaluelist',
    comments: 'Added to the requests for tokens.',
  },
} as const;
const tokenUrl = {
  label: 'Token URL',
  type: 'string',
  required: true,
  comments: 'Where the service gives tokens.',
} as const;
const scopes = {
  label: 'Scopes',
  type: 'string',
  comments: 'Permissions, with spaces between them.',
} as const;

export const authorizationCode = oauth2Connection({
  key: 'authorizationCode',
  oauth2Type: OAuth2Type.AuthorizationCode,
  display: {
    label: 'OAuth 2.0 Authorization Code',
    description: 'A person agrees in the browser (OAuth 2.0).',
  },
  inputs: {
    authorizeUrl: {
      label: 'Authorize URL',
      type: 'string',
      required: true,
      comments: 'The page on which a person agrees.',
    },
    tokenUrl,
    refreshUrl: {
      label: 'Refresh URL',
      type: 'string',
      comments: 'Where tokens are renewed, unless at the token URL.',
    },
    scopes,
    ...client,
  },
});

export const clientCredentials = oauth2Connection({
  key: 'clientCredentials',
  oauth2Type: OAuth2Type.ClientCredentials,
  display: {
    label: 'OAuth 2.0 Client Credentials',
    description: 'The application itself logs in (OAuth 2.0).',
  },
  inputs: { tokenUrl, scopes, ...client },
});

/**
 * The headers that a connection stands for. Takes connections of other components too, by the fields that
 * they have; throws a connection error when none of them is known.
 */
export function authorizationHeaders(given: Connection | undefined): Record<string, string> {
  if (given === undefined || given === null || typeof given !== 'object') return {};
  const field = (name: string) => cleanText(given.fields?.[name]).trim();
  const accessToken = cleanText(given.token?.access_token);
  if (accessToken !== '') return { Authorization: `Bearer ${accessToken}` };
  if (field('token') !== '') return { Authorization: `Bearer ${field('token')}` };
  if (field('apiKey') !== '') {
    const name = field('headerKey') || 'Authorization';
    return { [name]: [field('authScheme'), field('apiKey')].filter(Boolean).join(' ') };
  }
  if (field('username') !== '') {
    const text = `${field('username')}:${cleanText(given.fields?.password)}`;
    return { Authorization: `Basic ${Buffer.from(text).toString('base64')}` };
  }
  throw new ConnectionError(
    given,
    `Connection "${given.configVarKey}" holds no credentials for HTTP requests.`,
  );
}
