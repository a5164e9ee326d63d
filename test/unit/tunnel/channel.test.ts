import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { type Answer, Channel } from '../../../src/tunnel/channel';
import { FRAME, type FrameKind, fourBytes, frameOf } from '../../../src/tunnel/frames';
import { join } from '../../../src/tunnel/join';
import { tcpServer, webSocketEnds } from '../../support/tunnel-ends';
import { until } from '../../support/until';

const TEN_MEGABYTES = randomBytes(10 * 1024 * 1024);
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const listening = (onSocket: (socket: Socket) => void) => tcpServer(closing, onSocket);

/** Two ends of one WebSocket. */
async function sockets(): Promise<{ socket: WebSocket; client: WebSocket }> {
  const { server: socket, client } = await webSocketEnds(closing);
  return { socket, client };
}

async function channels(answer: Answer): Promise<{ opener: Channel; answerer: Channel }> {
  const { socket, client } = await sockets();
  return { opener: new Channel(socket), answerer: new Channel(client, answer) };
}

/** A stream whose other side sends what it likes; what it gets is kept. */
async function streamToAnybody() {
  const { socket, client } = await sockets();
  const opener = new Channel(socket);
  const got: Buffer[] = [];
  client.on('message', (data: Buffer) => got.push(data));
  client.once('message', (data: Buffer) => client.send(frameOf(FRAME.opened, data.readUInt32BE(1))));
  const send = (kind: FrameKind, payload?: Buffer) => client.send(frameOf(kind, 1, payload));
  return { opener, stream: await opener.open(''), send, got };
}

const dialling =
  (server: Server): Answer =>
  async () => {
    const socket = connect({ port: portOf(server), host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  };

/** A local port whose connections go through a channel to a server. */
async function tunnelTo(server: Server) {
  const both = await channels(dialling(server));
  const local = await listening((socket) => {
    both.opener.open('').then(
      (stream) => join(socket, stream),
      () => socket.resetAndDestroy(),
    );
  });
  const dial = () => connect({ port: portOf(local), host: '127.0.0.1', allowHalfOpen: true });
  return { ...both, dial };
}

describe('streams over one WebSocket', () => {
  it('carry 10 MB both ways unchanged, and keep one direction open when the other ends', async () => {
    const server = await listening((socket) => {
      const parts: Buffer[] = [];
      socket.on('data', (part: Buffer) => parts.push(part));
      socket.once('end', () => socket.end(Buffer.concat(parts)));
    });
    const { dial } = await tunnelTo(server);
    const socket = dial();
    socket.end(TEN_MEGABYTES);
    expect(sha256(await buffer(socket))).toBe(sha256(TEN_MEGABYTES));
  });

  it('go on beside one whose reader does not read, which costs no more than its window', async () => {
    let written = 0;
    const server = await listening((socket) => {
      socket.once('data', (asked: Buffer) => {
        if (asked.toString() === 'small') return socket.end('answer');
        const fill = (): void => {
          while (socket.write(Buffer.alloc(64 * 1024))) written += 64 * 1024;
          socket.once('drain', fill);
        };
        return fill();
      });
    });
    const { opener } = await tunnelTo(server);
    const stuck = await opener.open('');
    stuck.write('endless');
    await sleep(500);
    const before = written;
    const other = await opener.open('');
    other.end('small');
    expect((await buffer(other)).toString()).toBe('answer');
    await sleep(300);
    expect(written).toBe(before);
    stuck.destroy();
  });

  it('show a broken connection as broken, not as ended', async () => {
    const server = await listening((socket) => {
      socket.write('half of the ans');
      setTimeout(() => socket.resetAndDestroy(), 100);
    });
    const { dial } = await tunnelTo(server);
    await expect(buffer(dial())).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('break with their WebSocket', async () => {
    const server = await listening((socket) => socket.write('hello'));
    const { dial, answerer } = await tunnelTo(server);
    const socket = dial();
    await once(socket, 'data');
    answerer.socket.terminate();
    await expect(once(socket, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('tell the opener why there is none', async () => {
    const { opener } = await channels(async () => {
      throw new Error('nobody is at home');
    });
    await expect(opener.open('')).rejects.toThrow('nobody is at home');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['too little', Buffer.alloc(3)],
    ['more room than there ever is', fourBytes(512 * 1024)],
    ['room for 4 GB', fourBytes(0xff_ff_ff_ff)],
  ])('break alone when the other side says that it has room and sends %s', async (_, payload) => {
    const { opener, stream, send, got } = await streamToAnybody();
    send(FRAME.credit, payload);
    await expect(once(stream, 'end')).rejects.toThrow('does not keep to the protocol');
    await until('the reset', () => got.at(-1)?.[0] === FRAME.reset);
    expect(opener.isOpen).toBe(true);
    await opener.idle();
  });

  it.each([
    [
      'more than there is room for',
      FRAME.data,
      Buffer.alloc(8 * 1024 + 1),
      'more was sent than there is room',
    ],
    ['room back that it was not given', FRAME.unused, fourBytes(1), 'does not keep to the protocol'],
  ])('break alone when the other side sends %s', async (_, kind, payload, reason) => {
    const { opener, stream, send } = await streamToAnybody();
    send(kind, payload);
    await expect(once(stream, 'end')).rejects.toThrow(reason);
    expect(opener.isOpen).toBe(true);
  });

  it('give room back that they do not use, so that others have it', async () => {
    const { stream, send, got } = await streamToAnybody();
    send(FRAME.credit, fourBytes(100_000));
    stream.write('little');
    const back = await until('the room', () => got.find(([kind]) => kind === FRAME.unused));
    expect(back.readUInt32BE(5)).toBe(100_000 - 'little'.length);
    stream.destroy();
  });

  it('take no room for frames that carry nothing', async () => {
    const { stream, send } = await streamToAnybody();
    for (let count = 0; count < 1000; count += 1) send(FRAME.data);
    send(FRAME.data, Buffer.from('behind them'));
    send(FRAME.end);
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    await once(stream, 'end');
    expect(parts.map(String)).toEqual(['behind them']);
    stream.destroy();
  });

  it('are as many as wanted at once, up to a bound, and leave nothing behind', async () => {
    const server = await listening((socket) => socket.pipe(socket));
    const { opener, answerer } = await tunnelTo(server);
    const open = await Promise.all(Array.from({ length: 256 }, () => opener.open('')));
    await expect(opener.open('')).rejects.toThrow('256 connections are open already');
    const answers = open.map(async (stream, at) => {
      stream.end(`stream ${at}`);
      return (await buffer(stream)).toString();
    });
    expect(await Promise.all(answers)).toEqual(open.map((_, at) => `stream ${at}`));
    await Promise.all([opener.idle(), answerer.idle()]);
  });
});
