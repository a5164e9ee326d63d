import type { ConsentMemory } from '../../src/services/connections/consent/begin-consent';
import { openGrant } from '../../src/services/connections/grant';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import type { ConnectionState } from '../../src/store/models/connection.model';
import { type Secrets, signatureOf } from './canary-slots';
import { Browser, grantAccess } from './oauth-provider/browser';
import type { OauthProvider } from './oauth-provider/start';
import type { Services } from './services';

const variableOf = async ({ deps, ctx }: Services, instanceId: string, wanted: string) =>
  (await listConfigVariables(deps, ctx, { instanceId })).find(({ key }) => key === wanted)!;

/** Grants access to `OAuth`, by the pages of the API; its next refresh is refused, so that a fault is stored too. */
export async function grantOauth(
  services: Services,
  provider: OauthProvider,
  instanceId: string,
  secrets: Secrets,
): Promise<void> {
  const { deps } = services;
  const { authorizeUrl } = await variableOf(services, instanceId, 'OAuth');
  const end = await grantAccess(new Browser(), authorizeUrl!);
  expect(end.status).toBe(200);
  secrets.authorizationCode = new URL(end.url).searchParams.get('code')!;
  const state = await deps.store.connections.findOne({ instanceId }).lean<ConnectionState>();
  const { token } = openGrant(deps.sealer, state)!;
  secrets.oauthAccessToken = token.access_token;
  secrets.oauthRefreshToken = String(token['refresh_token']);
  await provider.set({ failures: 1000 });
  await deps.store.connections.updateOne({ instanceId }, { $set: { refreshAt: new Date(0) } });
}

/** Goes as far as the provider's page for `Pending OAuth`, and leaves it at that. */
export async function beginConsent(services: Services, instanceId: string, secrets: Secrets): Promise<void> {
  const { deps } = services;
  const { authorizeUrl } = await variableOf(services, instanceId, 'Pending OAuth');
  secrets.consentLink = signatureOf(new URL(authorizeUrl!).pathname);
  const page = await fetch(authorizeUrl!);
  const [cookie = ''] = (page.headers.getSetCookie()[0] ?? '').split(';');
  secrets.consentCookie = cookie.slice(cookie.indexOf('=') + 1);
  const [, href = ''] = /<a[^>]* ?href="([^"]*continue[^"]*)"/.exec(await page.text()) ?? [];
  const next = new URL(href.replaceAll('&amp;', '&'), authorizeUrl!);
  const left = await fetch(next, { headers: { cookie }, redirect: 'manual' });
  secrets.consentState = new URL(left.headers.get('location')!).searchParams.get('state')!;
  const [consent] = await deps.store.consents.find({ instanceId }).lean();
  secrets.consentVerifier = (JSON.parse(deps.sealer.open(consent!.sealed)) as ConsentMemory).verifier!;
}
