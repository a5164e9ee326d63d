import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { runSession } from '../../../src/agent/agent-session';
import { HELLO, LEAVE, WELCOME } from '../../../src/tunnel/frames';
import { SUBPROTOCOL } from '../../../src/tunnel/paths';

let server: WebSocketServer;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

function session() {
  const said: string[] = [];
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const stopping = new AbortController();
  const ended = runSession(
    { url, token: 'token', target: { host: '127.0.0.1', port: 9 }, name: 'Test' },
    { agentId: 'one', onConnected: () => said.push('connected'), stopping: stopping.signal },
  );
  return { said, ended, stopping };
}

const theAgent = async (): Promise<WebSocket> => {
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  return socket;
};

describe('an agent', () => {
  it('says hello, and that it is connected once it is welcome', async () => {
    const { said, ended, stopping } = session();
    const socket = await theAgent();
    expect(socket.protocol).toBe(SUBPROTOCOL);
    const [hello] = (await once(socket, 'message')) as [Buffer];
    expect([hello.toString(), said]).toEqual([HELLO, []]);
    socket.send(WELCOME);
    const pinged = once(socket, 'pong');
    socket.ping();
    await pinged;
    expect(said).toEqual(['connected']);
    stopping.abort();
    expect((await ended).kind).toBe('stopped');
  });

  it('tells why the server closed its connection', async () => {
    const { ended } = session();
    const socket = await theAgent();
    socket.close(1013, 'Another agent is connected.');
    expect(await ended).toEqual({ kind: 'lost', reason: 'Another agent is connected.' });
  });

  it('goes to another server when the one that it came to stops', async () => {
    const { said, ended } = session();
    const socket = await theAgent();
    const closed = once(socket, 'close');
    socket.send(LEAVE);
    expect(await ended).toEqual({ kind: 'lost', reason: 'the server stops' });
    await closed;
    expect(said).toEqual([]);
  });

  it('does not take a server that speaks another version for its own', async () => {
    server.options.handleProtocols = () => false;
    const { ended } = session();
    expect(await ended).toMatchObject({ kind: 'lost', reason: expect.stringContaining('subprotocol') });
  });
});
