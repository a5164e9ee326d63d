import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { startAppProcess } from '../support/app-process';
import { makeCertificates } from '../support/certificates';
import { freePort } from '../support/free-port';
import { askingDefinition, reachingDefinition, stumblingDefinition } from '../support/on-premise';
import { type OnPremiseSystem, startOnPremiseSystem } from '../support/on-premise-system';
import { until } from '../support/until';

const MUCH = 10 * 1024 * 1024;

let subject: OnPremiseSystem;
beforeAll(async () => {
  subject = await startOnPremiseSystem();
}, 60_000);
afterEach(() => subject.endAgents());
afterAll(() => subject?.stop());

describe('a run with an on-premise connection', () => {
  it('reaches the service behind the agent at a local port, 10 MB unchanged, many at once', async () => {
    const { jwt, resource } = await subject.aResource();
    expect(await subject.stand(resource._id)).toBe('PENDING');
    subject.agentFor(jwt);
    await subject.isAvailable(resource._id);
    const small = await subject.deployed(askingDefinition('Small', 'allowed', '/stock'), resource._id);
    const [first] = await Promise.all([1, 2, 3, 4, 5, 6].map(() => small.run()));
    expect(first).toMatchObject({ status: 200, body: { host: '127.0.0.1', text: 'you asked /stock' } });
    expect(Number(first!.body['port'])).not.toBe(subject.targetPort);
    const large = await subject.deployed(
      askingDefinition('Large', 'required', '/echo', String(MUCH)),
      resource._id,
    );
    const sha256 = createHash('sha256').update(Buffer.alloc(MUCH, 'tenon')).digest('hex');
    const answers = await Promise.all([large.run(), small.run(), large.run(), small.run()]);
    expect(answers[0]).toMatchObject({ status: 200, body: { bytes: MUCH, sha256, sent: sha256 } });
    expect(answers[2]).toMatchObject({ status: 200, body: { bytes: MUCH, sha256 } });
  }, 60_000);

  it('fails and says why while there is no agent, and works again when there is', async () => {
    const { jwt, resource, agent } = await subject.connectedAgent();
    const { run } = await subject.deployed(askingDefinition('Outage', 'allowed'), resource._id);
    expect((await run()).status).toBe(200);
    agent.child.kill('SIGKILL');
    await until('its end', async () => (await subject.stand(resource._id)) === 'UNAVAILABLE');
    expect(await run()).toMatchObject({
      status: 502,
      body: {
        detail: expect.stringMatching(/leads nowhere: no agent is connected .* "Warehouse", last seen/),
      },
    });
    subject.agentFor(jwt);
    await subject.isAvailable(resource._id);
    expect((await run()).status).toBe(200);
  }, 60_000);

  it('says what the agent could not reach', async () => {
    const { jwt, resource } = await subject.aResource();
    subject.agentFor(jwt, { target: await freePort() });
    await subject.isAvailable(resource._id);
    const { run } = await subject.deployed(askingDefinition('Closed', 'allowed'), resource._id);
    const { status, body } = await run();
    expect(status).toBe(502);
    expect(body['detail']).toMatch(/"Service": the agent cannot reach 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  }, 60_000);

  it('says that a connection broke, and keeps another error’s own message', async () => {
    const { resource } = await subject.connectedAgent();
    const broken = await subject.deployed(askingDefinition('Broken', 'allowed', '/reset'), resource._id);
    expect((await broken.run()).body['detail']).toMatch(/"Service": the other side cut the connection/);
    const stumbling = await subject.deployed(stumblingDefinition('Stumbling'), resource._id);
    const { status, body } = await stumbling.run();
    expect(status).toBe(502);
    expect(body['detail']).toMatch(/The order has no lines\.$/);
  }, 60_000);

  it('reaches it by TLS, with an authority of the operator’s own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'on-premise-'));
    const { ca, key, cert } = makeCertificates(folder, ['localhost']);
    const api = Number(new URL(subject.system.apiUrl).port);
    const proxy = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
      const inner = connect(api, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      for (const one of [socket, inner]) one.on('error', () => {});
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const url = `https://localhost:${(proxy.address() as AddressInfo).port}`;
    const { jwt, resource } = await subject.aResource();
    const stranger = subject.agentFor(jwt, { url });
    await until('its refusal', () => /not connected: .*certificate/.test(stranger.said()));
    subject.agentFor(jwt, { url, env: { NODE_EXTRA_CA_CERTS: ca } });
    await subject.isAvailable(resource._id);
    const { run } = await subject.deployed(askingDefinition('By TLS', 'allowed', '/secure'), resource._id);
    expect(await run()).toMatchObject({ status: 200, body: { text: 'you asked /secure' } });
    proxy.close();
    rmSync(folder, { recursive: true });
  }, 60_000);

  it('has its local port to itself: another run in the same process does not get through, nor one after it', async () => {
    const { resource } = await subject.connectedAgent();
    const holding = await subject.deployed(
      askingDefinition('Holding', 'allowed', '/hold/PORT'),
      resource._id,
    );
    const reaching = await subject.deployed(reachingDefinition('Reaching'));
    const answer = holding.run();
    const [port, letGo] = await until('the call', () => [...subject.held][0]);
    const refused = {
      status: 502,
      body: { detail: expect.stringContaining('may not connect to 127.0.0.1') },
    };
    expect(await reaching.run({ port })).toMatchObject(refused);
    expect(await reaching.run({ port: subject.targetPort })).toMatchObject(refused);
    letGo();
    expect(await answer).toMatchObject({ status: 200, body: { port } });
    await expect(once(connect(Number(port), '127.0.0.1'), 'connect')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  }, 60_000);

  it('finds the agent at another API process, and again when that one stops or dies', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { jwt, resource } = await subject.aResource();
    const { run } = await subject.deployed(askingDefinition('Elsewhere', 'allowed'), resource._id);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const api = startAppProcess('api', { ...subject.settings, TENON_PORT: String(port) });
      await once(api.child, 'message');
      const agent = subject.agentFor(jwt, { url });
      await subject.isAvailable(resource._id);
      expect((await run()).status).toBe(200);
      api.child.kill(signal);
      await api.ended;
      const next = startAppProcess('api', { ...subject.settings, TENON_PORT: String(port) });
      await once(next.child, 'message');
      await until('it again', () => agent.said().split('connected to http').length > 2);
      expect((await run()).status).toBe(200);
      agent.child.kill('SIGTERM');
      expect(await agent.ended).toBe(0);
      await until('its going', async () => (await subject.stand(resource._id)) === 'UNAVAILABLE');
      next.child.kill('SIGKILL');
      await next.ended;
    }
  }, 90_000);

  it('goes on through an API process that was asked to stop', async () => {
    const port = await freePort();
    const api = startAppProcess('api', { ...subject.settings, TENON_PORT: String(port) });
    await once(api.child, 'message');
    const { jwt, resource } = await subject.aResource();
    const agent = subject.agentFor(jwt, { url: `http://127.0.0.1:${port}` });
    await subject.isAvailable(resource._id);
    const { run } = await subject.deployed(
      askingDefinition('Under way', 'allowed', '/hold/PORT'),
      resource._id,
    );
    const answer = run();
    const letGo = await until('the call', () => [...subject.held].at(-1)?.[1]);
    api.child.kill('SIGTERM');
    await until('its word', () => agent.said().includes('the server stops'));
    letGo();
    expect(await answer).toMatchObject({ status: 200 });
    expect(await api.ended).toEqual([0, null]);
  }, 60_000);
});

describe('the door of agents', () => {
  const raw = async (lines: string[], body = ''): Promise<string> => {
    const socket = connect(Number(new URL(subject.system.apiUrl).port), '127.0.0.1');
    socket.write(`${[...lines, 'Host: api', `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
    return text(socket);
  };

  it('leaves requests alone that offer HTTP/2, with their bodies', async () => {
    const answer = await raw(
      [
        'POST /api HTTP/1.1',
        'Content-Type: application/json',
        `Authorization: Bearer ${subject.system.accessToken}`,
        'Connection: Upgrade, HTTP2-Settings, close',
        'Upgrade: h2c',
        'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      ],
      JSON.stringify({ query: '{ authenticatedUser { name } }' }),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('Olive Owner');
  });

  it('lets nobody but workers open streams, and leads nowhere else', async () => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const time = `x-tenon-time: ${Date.now()}`;
    const lines = ['GET /internal/on-premise HTTP/1.1', ...upgrade, key, time];
    expect(await raw([...lines, 'x-tenon-signature: AAAA'])).toMatch(/^HTTP\/1\.1 401 /);
    for (const target of ['/elsewhere', '//', 'http://['])
      expect(await raw([`GET ${target} HTTP/1.1`, ...upgrade, key])).toMatch(/^HTTP\/1\.1 404 /);
  });
});
