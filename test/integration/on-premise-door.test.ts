import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { frameOf, HELLO, WELCOME } from '../../src/tunnel/frames';
import { AGENT_PATH, SUBPROTOCOL } from '../../src/tunnel/paths';
import { askingDefinition } from '../support/on-premise';
import { type OnPremiseSystem, startOnPremiseSystem } from '../support/on-premise-system';
import { until } from '../support/until';

let subject: OnPremiseSystem;
const sockets: WebSocket[] = [];
beforeAll(async () => {
  subject = await startOnPremiseSystem();
}, 60_000);
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await subject.endAgents();
});
afterAll(() => subject?.stop());

const addressOf = (agent: string) =>
  `${subject.system.apiUrl}${AGENT_PATH}?agent=${agent}&name=Test&port=5432`;

/** A WebSocket at the door of agents that says nothing by itself. */
async function atTheDoor(jwt: string, agent = 'one'): Promise<WebSocket> {
  const socket = new WebSocket(addressOf(agent).replace('http', 'ws'), SUBPROTOCOL, {
    headers: { authorization: `Bearer ${jwt}` },
  });
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

async function welcomed(jwt: string, agent?: string): Promise<WebSocket> {
  const socket = await atTheDoor(jwt, agent);
  socket.send(HELLO);
  const [said] = (await once(socket, 'message')) as [Buffer];
  expect(said.toString()).toBe(WELCOME);
  return socket;
}

const closeOf = async (socket: WebSocket): Promise<[code: number, reason: string]> => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
};

describe('a resource', () => {
  it.each([
    ['no key', ['Sec-WebSocket-Version: 13', `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`], 'Sec-WebSocket-Key'],
    [
      'a version that nobody speaks',
      [
        'Sec-WebSocket-Version: 99',
        `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ],
      'Sec-WebSocket-Version',
    ],
    [
      'another protocol than this server’s',
      [
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Protocol: tenon-tunnel.0',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ],
      `speaks ${SUBPROTOCOL}`,
    ],
  ])('was never available when its token came with %s', async (_, headers, named) => {
    const { jwt, resource } = await subject.aResource();
    const { hostname, port } = new URL(subject.system.apiUrl);
    const socket: Socket = connect(Number(port), hostname);
    const lines = [`GET ${AGENT_PATH}?agent=one HTTP/1.1`, 'Host: api', `Authorization: Bearer ${jwt}`];
    socket.write(
      `${[...lines, 'Connection: Upgrade', 'Upgrade: websocket', ...headers].join('\r\n')}\r\n\r\n`,
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain(named);
    expect(await subject.stand(resource._id)).toBe('PENDING');
  });

  it.each([
    ['a frame of a stream', frameOf(1, 1)],
    ['other words', 'good evening'],
  ])('was never available when its agent begins with %s', async (_, first) => {
    const { jwt, resource } = await subject.aResource();
    const socket = await atTheDoor(jwt);
    const closed = closeOf(socket);
    socket.send(first);
    expect(await closed).toEqual([1002, 'an agent begins with its hello']);
    expect(await subject.stand(resource._id)).toBe('PENDING');
  });

  it('is available from the hello of its agent, and unavailable as soon as that one ends', async () => {
    const { jwt, resource } = await subject.aResource();
    const silent = await atTheDoor(jwt);
    await sleep(300);
    expect(await subject.stand(resource._id)).toBe('PENDING');
    silent.terminate();
    const isGone = async () => (await subject.stand(resource._id)) === 'UNAVAILABLE';
    const ends: ((socket: WebSocket) => void)[] = [
      (socket) => socket.terminate(),
      (socket) => socket.close(),
      // One that breaks the rules: a stream is opened by the server only.
      (socket) => socket.send(frameOf(1, 1)),
    ];
    for (const end of ends) {
      const socket = await welcomed(jwt);
      expect(await subject.stand(resource._id)).toBe('AVAILABLE');
      end(socket);
      await until('its end', isGone, 1000);
    }
    // One that says it closes, and does not.
    const lingering = await welcomed(jwt);
    lingering.pause();
    lingering.close();
    await until('its end', isGone, 4000);
  }, 30_000);

  it('lets one agent in when two say hello at once; the other one is told and may come later', async () => {
    const { jwt, resource } = await subject.aResource();
    const [one, two] = await Promise.all([atTheDoor(jwt, 'one'), atTheDoor(jwt, 'two')]);
    const outcomes = [one, two].map((socket) =>
      Promise.race([once(socket, 'message'), once(socket, 'close')]),
    );
    one.send(HELLO);
    two.send(HELLO);
    const said = (await Promise.all(outcomes)).map((words) => words.map(String));
    expect(said).toContainEqual([WELCOME, 'false']);
    expect(said).toContainEqual(['1013', expect.stringContaining('Another agent is connected')]);
    expect(await subject.stand(resource._id)).toBe('AVAILABLE');
  }, 30_000);

  it('whose agent reads nothing holds up the runs that use it, and nothing else', async () => {
    const { jwt, resource } = await subject.aResource();
    const deaf = await welcomed(jwt);
    deaf.pause();
    const { resource: other } = await subject.connectedAgent();
    const stuck = await subject.deployed(
      askingDefinition('Stuck', 'allowed', '/echo', '8388608'),
      resource._id,
    );
    const well = await subject.deployed(askingDefinition('Well', 'allowed'), other._id);
    const waiting = stuck.run();
    expect((await well.run()).status).toBe(200);
    deaf.terminate();
    expect((await waiting).body['detail']).toMatch(/"Service": .*(lost|cut|connected)/);
  }, 40_000);
});
