import { connection, OAuth2Type, oauth2Connection } from '@prismatic-io/spectral';

const apiKey = connection({
  key: 'apiKey',
  display: { label: 'API Key', description: 'An API key.' },
  inputs: { apiKey: { label: 'API Key', type: 'password', required: true } },
});

const apiKeySecret = connection({
  key: 'apiKeySecret',
  display: { label: 'API Key Secret', description: 'An API key and its secret.' },
  inputs: {
    apiKey: { label: 'API Key', type: 'string', required: true },
    apiSecret: { label: 'API Secret', type: 'password', required: true },
  },
});

const basic = connection({
  key: 'basic',
  display: { label: 'Basic Username/Password', description: 'User name and password.' },
  inputs: {
    username: { label: 'Username', type: 'string', required: true },
    password: { label: 'Password', type: 'password', required: true },
  },
});

const privateKey = connection({
  key: 'privateKey',
  display: { label: 'Private Key', description: 'User name and private key.' },
  inputs: {
    username: { label: 'Username', type: 'string', required: true },
    privateKey: { label: 'Private Key', type: 'password', required: true },
  },
});

const oauthInputs = {
  tokenUrl: { label: 'Token URL', type: 'string', required: true, comments: 'Where tokens are given out.' },
  scopes: { label: 'Scopes', type: 'string', comments: 'What is asked for, parted by spaces.' },
  clientId: { label: 'Client ID', type: 'string', required: true },
  clientSecret: { label: 'Client Secret', type: 'password', required: true },
  headers: {
    label: 'Headers',
    type: 'string',
    collection: 'keyvaluelist',
    comments: 'Further headers of requests for tokens.',
  },
} as const;

const authorizationCode = oauth2Connection({
  key: 'authorizationCode',
  display: { label: 'OAuth 2.0 Authorization Code', description: 'Access that a person grants.' },
  oauth2Type: OAuth2Type.AuthorizationCode,
  inputs: {
    authorizeUrl: {
      label: 'Authorize URL',
      type: 'string',
      required: true,
      comments: 'Where the person grants access.',
    },
    ...oauthInputs,
  },
});

const clientCredentials = oauth2Connection({
  key: 'clientCredentials',
  display: { label: 'OAuth 2.0 Client Credentials', description: 'Access of the application itself.' },
  oauth2Type: OAuth2Type.ClientCredentials,
  inputs: oauthInputs,
});

/** Connections for code, which reads them from `configVars`. */
export const connections = [apiKey, apiKeySecret, basic, authorizationCode, clientCredentials, privateKey];
