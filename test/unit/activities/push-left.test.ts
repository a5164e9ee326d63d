import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pushLeft } from '../../../src/activities/push-left';
import { readEnv } from '../../../src/config/env';
import {
  decodeSaid,
  isSignedPush,
  type Pushed,
  SIGNATURE_HEADER,
} from '../../../src/services/executions/accept/origin-push';
import type { Execution } from '../../../src/store/models/execution.model';
import { until } from '../../support/until';

/** What an API process was told in one call. */
interface Call {
  ids: string[];
  pushed: Pushed;
  isSigned: boolean;
}

describe('the API process that accepted executions', () => {
  const env = readEnv({
    TENON_MONGODB_URI: 'mongodb://127.0.0.1/x',
    TENON_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
    TENON_JWT_SECRET: 'x'.repeat(32),
  });
  let server: Server;
  let replyTo: string;
  let calls: Call[];

  beforeEach(async () => {
    calls = [];
    const noteCall = async (request: IncomingMessage, response: ServerResponse) => {
      const body = await buffer(request);
      const pushed = decodeSaid<Pushed>(body);
      const isSigned = isSignedPush(env, body, String(request.headers[SIGNATURE_HEADER]));
      calls.push({ ids: pushed.executions.map(({ executionId }) => executionId), pushed, isSigned });
      response.writeHead(204).end();
    };
    server = createServer((request, response) => void noteCall(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    replyTo = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const execution = (_id: string, isAwaited: boolean) => ({ _id, replyTo, isAwaited }) as Execution;
  const told = (count: number) =>
    until('everything to be told', () => calls.flatMap(({ ids }) => ids).length >= count);

  test('is told in one call of all that nobody waits for', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) pushLeft({ env }, execution(id, false));
    await told(5);
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b', 'c', 'd', 'e']]);
    expect(calls[0]!.isSigned).toBe(true);
    // What comes behind that call is told too.
    pushLeft({ env }, execution('f', false));
    await told(6);
    expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b', 'c', 'd', 'e'], ['f']]);
  });

  test('is told at once of one whose caller waits, with its answer', async () => {
    pushLeft({ env }, execution('nobody waits', false));
    const answer = {
      statusCode: 201,
      contentType: 'text/plain',
      headers: {},
      body: Buffer.from([0, 255, 13, 10]),
    };
    pushLeft({ env }, execution('somebody waits', true), { answer });
    await told(2);
    expect(calls.map(({ ids }) => ids)).toEqual([['somebody waits'], ['nobody waits']]);
    const [pushed] = calls[0]!.pushed.executions;
    expect(pushed!.answer).toEqual({ ...answer, body: new Uint8Array([0, 255, 13, 10]) });
  });

  test('that is gone costs nothing but the call', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const faults: unknown[] = [];
    const note = (error: unknown) => faults.push(error);
    process.on('unhandledRejection', note);
    pushLeft({ env }, execution('a', false));
    pushLeft({ env }, execution('b', true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.off('unhandledRejection', note);
    expect(faults).toEqual([]);
  });
});
