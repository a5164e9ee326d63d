import { once } from 'node:events';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { Channel } from '../../../src/tunnel/channel';
import { tcpServer, webSocketEnds } from '../../support/tunnel-ends';
import { until } from '../../support/until';

const MEGABYTE = 1024 * 1024;
const SESSIONS = 16;
const STREAMS = 256;
const EACH_BYTES = 256 * 1024;
/** What a session may hold, and generously what the operating system holds for its WebSockets. */
const BOUND_BYTES = 20 * MEGABYTE;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const webSocket = () => webSocketEnds(closing);
const service = (onSocket: (socket: Socket) => void) => tcpServer(closing, onSocket);

/** An agent, the API process that holds it, and workers that have opened as many streams to its service as there may be. */
async function tunnelTo(server: Server) {
  const toAgent = await webSocket();
  const { port } = server.address() as AddressInfo;
  new Channel(toAgent.client, async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  });
  const held = new Channel(toAgent.server);
  const workers: WebSocket[] = [];
  const streams: Duplex[] = [];
  for (let session = 0; session < SESSIONS; session += 1) {
    const toApi = await webSocket();
    new Channel(toApi.server, () => held.open(''));
    const worker = new Channel(toApi.client);
    workers.push(toApi.client);
    for (let count = 0; count < STREAMS / SESSIONS; count += 1) streams.push(await worker.open(''));
  }
  return { agent: toAgent.client, held, workers, streams };
}

const contentOf = (at: number): Buffer => Buffer.alloc(EACH_BYTES, `stream ${at} `);

/** A number of bytes, once nothing moves any more. */
async function settled(read: () => number): Promise<number> {
  for (let before = -1; ; ) {
    const now = read();
    if (now === before && now > 0) return now;
    before = now;
    await sleep(700);
  }
}

describe('what one session of an agent holds', () => {
  it('is some megabytes for 256 streams when the agent does not read, and nothing is lost when it does again', async () => {
    const got = new Map<number, Buffer>();
    const server = await service((socket) => {
      void buffer(socket).then((all) => {
        got.set(Number(/\d+/.exec(all.subarray(0, 20).toString())?.[0]), all);
        socket.end();
      });
    });
    const { agent, streams } = await tunnelTo(server);
    agent.pause();
    let leftBytes = 0;
    streams.forEach((stream, at) => {
      const content = contentOf(at);
      const piece = (from: number): void => {
        if (from >= content.length) return void stream.end();
        stream.write(content.subarray(from, from + 4096), () => {
          leftBytes += 4096;
          piece(from + 4096);
        });
      };
      piece(0);
    });
    expect(await settled(() => leftBytes)).toBeLessThan(BOUND_BYTES);
    agent.resume();
    await until('the rest', () => got.size === STREAMS);
    expect([...got].filter(([at, all]) => !all.equals(contentOf(at)))).toEqual([]);
  }, 60_000);

  it('is some megabytes for 256 streams when workers do not read, and nothing is lost when they do again', async () => {
    let asked = 0;
    const server = await service((socket) => {
      socket.once('data', (number: Buffer) => {
        asked += 1;
        socket.end(contentOf(Number(number.toString())));
      });
    });
    const { workers, held, streams } = await tunnelTo(server);
    for (const worker of workers) worker.pause();
    let cameBytes = 0;
    held.socket.on('message', (frame: Buffer) => (cameBytes += frame.length));
    streams.forEach((stream, at) => stream.write(String(at)));
    await until('what was asked', () => asked === STREAMS);
    expect(await settled(() => cameBytes)).toBeLessThan(BOUND_BYTES);
    for (const worker of workers) worker.resume();
    const answers = await Promise.all(streams.map((stream) => buffer(stream)));
    expect(answers.filter((answer, at) => !answer.equals(contentOf(at)))).toEqual([]);
    for (const stream of streams) stream.end();
  }, 60_000);

  it('leaves room for others beside streams that are stuck with all they could get', async () => {
    const server = await service((socket) => {
      socket.once('data', (asked: Buffer) => {
        if (asked.toString() === 'much') return socket.end(Buffer.alloc(4 * MEGABYTE, 'much'));
        const fill = (): void => {
          while (socket.write(Buffer.alloc(64 * 1024))) continue;
          socket.once('drain', fill);
        };
        return fill();
      });
    });
    const { streams } = await tunnelTo(server);
    const [other, ...stuck] = streams.slice(0, STREAMS / SESSIONS);
    for (const stream of stuck) {
      stream.write('endless');
      let bytes = 0;
      await new Promise<void>((resolve) => {
        stream.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes < MEGABYTE) return;
          stream.pause();
          resolve();
        });
      });
    }
    other!.write('much');
    expect((await buffer(other!)).length).toBe(4 * MEGABYTE);
    for (const stream of streams) stream.destroy();
  }, 60_000);

  it('ends when the other side only makes it answer, and reads nothing', async () => {
    const { server, client } = await webSocket();
    const channel = new Channel(server);
    client.on('error', () => {});
    client.pause();
    const payload = Buffer.alloc(125);
    const ended = until('the end', async () => {
      for (let count = 0; channel.isOpen && count < 5000; count += 1) client.ping(payload);
      return !channel.isOpen;
    });
    await expect(ended).resolves.toBe(true);
  }, 40_000);
});
