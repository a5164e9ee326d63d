import { createHash, randomBytes } from 'node:crypto';
import { get, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { definition, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { aStoredExecution } from '../support/stored-execution';
import { type System, startSystem } from '../support/system';

const MB = 1024 * 1024;
const note = step('Note', 'log.writeLog', { level: value('info'), message: value('x') });
const DEFINITION = definition('Large answers', [
  { name: 'Ask', isSynchronous: true, steps: [note] },
] as never);

/** An API alone: the answers are there, and wait for their callers. */
describe('large answers of flows', () => {
  let system: System;
  let subject: DeployedInstance;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  });
  afterAll(() => system?.stop());

  /** Stored under a key that makes each further delivery get it. */
  async function anAnswer(key: string, body: Buffer): Promise<void> {
    const { deps } = system;
    const instance = await deps.store.instances.findById(subject.instanceId).orFail().lean();
    const flowConfig = await deps.store.flowConfigs.findOne({ instanceId: instance._id }).orFail().lean();
    const bodyBlobId = await deps.store.blobs.put(body, { instanceId: instance._id });
    const headers = { 'x-of-the-flow': 'yes' };
    const answer = { statusCode: 203, contentType: 'application/x-test', headers, body: null, bodyBlobId };
    const change = {
      flowConfigId: flowConfig._id,
      deliveryKey: `${flowConfig._id}:${key}`,
      isSynchronous: true,
      answer,
    };
    await aStoredExecution(deps, instance, { steps: 0, lines: 0, change });
  }

  const ask = (key: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { 'idempotency-key': key };
      request(subject.webhooks['Ask']!, { method: 'POST', headers, agent: false }, resolve)
        .on('error', reject)
        .end('{}');
    });

  /** Where an answer of that size lies elsewhere, from there. */
  async function open(key: string): Promise<IncomingMessage> {
    const first = await ask(key);
    const { location } = first.headers;
    if (location === undefined) return first;
    first.resume();
    return new Promise((resolve, reject) => {
      get(new URL(location, subject.webhooks['Ask']), { agent: false }, resolve).on('error', reject);
    });
  }

  async function hashOf(response: IncomingMessage): Promise<string> {
    const hash = createHash('sha256');
    for await (const piece of response) hash.update(piece as Buffer);
    return hash.digest('hex');
  }

  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

  test('arrive byte for byte with status, headers, content type and length', async () => {
    const body = randomBytes(3 * MB + 17);
    await anAnswer('exact', body);
    const response = await ask('exact');
    expect(response.statusCode).toBe(203);
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-test',
      'content-length': String(body.length),
      'x-of-the-flow': 'yes',
      'x-content-type-options': 'nosniff',
    });
    expect(await hashOf(response)).toBe(sha256(body));
  });

  test('leave the store as slowly as their callers read: ten of 20 MB at once take a fraction of their size', async () => {
    const body = randomBytes(20 * MB);
    await anAnswer('many', body);
    const expected = sha256(body);
    globalThis.gc?.();
    const used = () => process.memoryUsage().arrayBuffers;
    const before = used();
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, used());
    }, 5);
    // Nobody reads until all answers have begun.
    const responses = await Promise.all(Array.from({ length: 10 }, () => open('many')));
    await sleep(1000);
    const hashes = await Promise.all(responses.map(hashOf));
    clearInterval(watch);
    expect(hashes).toEqual(hashes.map(() => expected));
    expect((peak - before) / MB).toBeLessThan(150);
  });
});
