import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { beginConsent, grantOauth } from './canary-consent';
import { canaryFlows } from './canary-flows';
import { allHistories, type CanaryHistory, isClosed } from './canary-histories';
import { canaryKinds } from './canary-kinds';
import { createDatabaseUser, type Place, placesOfHistories, placesOfServers } from './canary-places';
import { type CanaryProcess, startCanaryProcess } from './canary-processes';
import { type CanaryProxy, startCanaryProxy } from './canary-proxy';
import { allEnded, askDataSources, deliver, failDeploy, runAll, type Sender } from './canary-runs';
import { startCanaryServers } from './canary-servers';
import { type Data, type Secrets, signatureOf } from './canary-slots';
import { aConnectedAgent, aSubject } from './canary-subject';
import { anInstanceWithUser } from './canary-users';
import { type EchoServer, startEchoServer } from './echo-server';
import { freePort } from './free-port';
import { startOauthProvider } from './oauth-provider/start';
import { startServices } from './services';
import { testEnvironment } from './test-environment';
import { until } from './until';

/** All that was found after every kind of run, with a secret in every slot. */
export interface CanaryWorld {
  places: Place[];
  echo: EchoServer;
  proxy: CanaryProxy;
  /** What the data source that answers gave to the one who asked. */
  offered: string;
  histories: CanaryHistory[];
  executionIds: string[];
  loggedShare: number;
}

const FLOWS = [...canaryFlows, ...canaryKinds].map(({ name }) => name);
const OF_USERS = ['User', 'User fails', 'Welcome'];

/** Starts API, worker and agent on servers of their own, runs everything, collects what is left, and stops all. */
export async function canaryWorld(secrets: Secrets, data: Data): Promise<CanaryWorld> {
  const closing: (() => unknown)[] = [];
  try {
    return await live(secrets, data, closing);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function live(secrets: Secrets, data: Data, closing: (() => unknown)[]): Promise<CanaryWorld> {
  const kept = <T>(made: T, close: (made: T) => unknown): T => {
    closing.push(() => close(made));
    return made;
  };
  const servers = kept(await startCanaryServers(), (one) => one.stop());
  const echo = kept(await startEchoServer(), (one) => one.close());
  const proxy = kept(await startCanaryProxy(), (one) => one.close());
  const env = testEnvironment({
    TENON_PORT: String(await freePort()),
    TENON_LOG_LEVEL: 'trace',
    TENON_RETRY_MINUTE_MS: '1000',
    TENON_MONGODB_URI: await createDatabaseUser(servers, 'canary', secrets.mongodbPassword),
    TENON_TEMPORAL_ADDRESS: servers.temporalAddress,
    TENON_JWT_SECRET: secrets.jwtSecret,
    TENON_ENCRYPTION_KEYS: `k1:${secrets.encryptionKey}`,
    TENON_NO_PROXY: '127.0.0.1',
    TENON_OUTGOING_PROXY: `http://tenon:${encodeURIComponent(secrets.proxyPassword)}@${proxy.address}`,
  });
  const apiUrl = `http://127.0.0.1:${env['TENON_PORT']}`;
  const services = kept(await startServices(env), (one) => one.stop());
  const accessToken = await issueAccessToken(services.deps, services.owner);
  secrets.accessToken = signatureOf(accessToken);
  const processes: CanaryProcess[] = [];
  for (const name of ['api', 'worker'] as const)
    processes.push(kept(await startCanaryProcess(name, env), (one) => one.kill()));
  const provider = kept(await startOauthProvider(`${apiUrl}/oauth2/callback`), (one) => one.stop());
  const around = { apiUrl, accessToken, target: echo.url, provider };
  const { agent, resourceId } = await aConnectedAgent(services, around, secrets);
  processes.push(kept(agent, (one) => one.kill()));

  const sender: Sender = { secrets, data };
  const subject = await aSubject(services, around, resourceId, sender);
  await grantOauth(services, provider, subject.instanceId, secrets);
  await beginConsent(services, subject.instanceId, secrets);
  const ofUsers = await anInstanceWithUser(services, echo.url, secrets);
  await runAll(services, sender, subject);
  for (const flow of OF_USERS.slice(0, 2))
    await deliver(sender, `${apiUrl}/trigger/${ofUsers}`, { body: { flow, user: 'ann' } });
  const { offered, refused } = await askDataSources(around, subject);
  await allEnded(services, [...FLOWS, ...OF_USERS]);
  const refusal = await failDeploy(services, subject);
  const histories = await until('all workflows to close', async () => {
    const all = await allHistories(servers.temporalAddress);
    return all.every((one) => isClosed(one) || isLasting(one)) && all;
  });
  const { store } = services.deps;
  const places: Place[] = [
    ...(await placesOfServers(servers, store)),
    ...(await placesOfHistories(histories, env['TENON_ENCRYPTION_KEYS']!)),
    ...processes.map(({ name, output }): Place => [`output of ${name}`, output()]),
    ['answer of a data source that fails', Buffer.from(refused)],
    ['answer of a deploy that fails', Buffer.from(refusal)],
  ];
  const executionIds = await store.executions.distinct('_id');
  return { places, echo, proxy, offered, histories, executionIds, loggedShare: servers.loggedShare };
}

/** A schedule's never closes, and that of a queue waits for a while for another run. */
const isLasting = ({ type }: { type: string }) => /^(flowQueue|temporal-sys-.*)$/.test(type);
