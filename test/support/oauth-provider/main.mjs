// A certified OAuth server in a process of its own: its library is ESM, and tests are not.
import { setTimeout as sleep } from 'node:timers/promises';
import Provider from 'oidc-provider';

const { port, redirectUri, accessTokenSeconds } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const client = (id, rest) => ({
  client_id: id,
  client_secret: `${id}-secret-0123456789abcdef`,
  redirect_uris: [redirectUri],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_post',
  ...rest,
});

/** What the test asks for: how the next requests for tokens are answered. */
let mode = { delayMs: 0, failures: 0, hangs: false, lifeSeconds: accessTokenSeconds };
const tokenRequests = [];

const provider = new Provider(issuer, {
  clients: [
    client('post'),
    client('basic', { token_endpoint_auth_method: 'client_secret_basic' }),
    client('public', { client_secret: undefined, token_endpoint_auth_method: 'none' }),
    client('machine', {
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
    }),
  ],
  cookies: { keys: ['only for tests'] },
  scopes: ['openid', 'offline_access', 'orders'],
  features: {
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
    devInteractions: { enabled: true },
  },
  pkce: { required: (_ctx, { clientId }) => clientId === 'public' },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: {
    AccessToken: () => mode.lifeSeconds,
    ClientCredentials: () => mode.lifeSeconds,
    RefreshToken: 3600,
    Grant: 3600,
    Session: 3600,
    Interaction: 600,
    IdToken: 600,
  },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

provider.use(async (ctx, next) => {
  if (ctx.path !== '/token') return next();
  const request = { at: Date.now(), status: 0, grantType: '' };
  tokenRequests.push(request);
  if (mode.hangs) await new Promise(() => {});
  await sleep(mode.delayMs);
  if (mode.failures > 0) {
    mode.failures -= 1;
    ctx.status = 503;
    ctx.body = 'away';
  } else await next();
  request.status = ctx.status;
  request.grantType = ctx.oidc?.params?.grant_type ?? '';
});

const server = provider.listen(port, '127.0.0.1', () => process.send({ ready: true }));
process.on('message', (message) => {
  if (message.mode) mode = { ...mode, ...message.mode };
  if (message.forget) tokenRequests.length = 0;
  process.send({ id: message.id, tokenRequests });
});
process.on('disconnect', () => {
  server.closeAllConnections();
  process.exit(0);
});
