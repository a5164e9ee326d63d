import { isSecretField, isSecretVariable } from '../../../src/components/runner/secret-names';

const wrong = (names: readonly string[], isSecret: (name: string) => boolean, expected: boolean) =>
  names.filter((name) => isSecret(name) !== expected);

describe('the name of a config variable', () => {
  it('tells of a secret, as people name them', () => {
    const names = [
      'API Key',
      'API_KEY',
      'apikey',
      'API Key (Production)',
      'API Key 2',
      'Stripe Key Test',
      'Webhook Signing Secret',
      'Client Secret Value',
      'Password',
      'SFTP pwd',
      'DB_PASS',
      'Passphrase',
      'Passwort',
      'Bot Token',
      'accesstoken',
      'GitHub PAT',
      'JWT',
      'Bearer',
      'Session Cookie',
      'Basic Auth',
      'Authorization',
      'Auth Code',
      'Access Code',
      'Credentials',
      'AWS creds',
      'Connection String',
      'DSN',
      'Storage Account Key',
      'subscriptionkey',
      'Encryption Key',
      'Master Key',
      'Shared Key',
      'License Key',
      'Private Key',
      'Private Key PEM',
      'Secret ID',
      'API Key for User',
      'Password of the Server',
      'Key',
    ];
    expect(wrong(names, isSecretVariable, true)).toEqual([]);
  });

  it('tells of none where it is about one, finds data, or is another word', () => {
    const names = [
      'Auth Type',
      'Author',
      'Keyword',
      'Key Account',
      'Primary Key',
      'Primary Key Column',
      'Public Key',
      'Stripe Publishable Key',
      'Captcha Site Key',
      'Idempotency Key',
      'Jira Project Key',
      'Issue Keys',
      'Translation Key',
      'Object Key Prefix',
      'Sort Key 2',
      'Token Limit',
      'Max Tokens',
      'Max Output Tokens',
      'Tokens per Minute',
      'Token Refresh Interval',
      'Token Count',
      'Password Policy',
      'Password Reset Email',
      'Password Reset Template',
      'Password Required',
      'Password Rotation Days',
      'Passenger List',
      'Compass',
      'Secretary',
      'Secret Name',
      'Secret ARN',
      'Name of the Secret',
      'Number of Tokens',
      'Secrets Manager Region',
      'Secrets Manager',
      'Auth User',
      'Postal Code',
      'Status Code',
      'Monkey',
      'Turkey',
      'Default Value',
      'Production',
      'Test',
      '',
    ];
    expect(wrong(names, isSecretVariable, false)).toEqual([]);
  });
});

describe('the key of a connection’s field', () => {
  it('tells of a secret, as components name them', () => {
    const names = [
      'apiKey',
      'apiKeyLive',
      'accessKeyId',
      'secretAccessKey',
      'clientSecret',
      'password',
      'pwd',
      'passphrase',
      'privateKey',
      'privateKeyBase64',
      'auth',
      'authorization',
      'bearer',
      'botToken',
      'personalAccessToken',
      'pat',
      'jwt',
      'signingSecret',
      'secretId',
      'cookie',
      'connectionString',
      'dsn',
      'pfx',
      'serviceAccountKey',
      'primaryKey',
      'authCode',
    ];
    expect(wrong(names, isSecretField, true)).toEqual([]);
  });

  it('tells of none for what others may see', () => {
    const names = [
      'authType',
      'authUser',
      'authSource',
      'authDatabase',
      'authEnabled',
      'authorName',
      'authorizeUrl',
      'clientId',
      'headerKey',
      'host',
      'keyspace',
      'maxTokens',
      'publicKey',
      'publishableKey',
      'scopes',
      'tokenUrl',
      'tokenType',
      'username',
      'value',
      'region',
    ];
    expect(wrong(names, isSecretField, false)).toEqual([]);
  });
});
