import { type Connection, ConnectionError, connection } from '@prismatic-io/spectral';
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
      comments: 'Word before the key, such as Bearer; none when empty.',
    },
  },
});

export const bearerToken = connection({
  key: 'bearerToken',
  display: { label: 'Bearer Token', description: 'A token in the Authorization header.' },
  inputs: { token: { label: 'Token', type: 'password', required: true } },
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
