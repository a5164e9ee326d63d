import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { fromGlobalId } from '../../src/api/graphql/global-id';
import { createInstance } from '../../src/services/instances/create-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { decodeOutput } from '../../src/store/output-codec';
import { code, definition, scheduled, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';

const SECRET = 'shared-with-the-sender';
const triggerOf = (action: string, inputs: Record<string, ReturnType<typeof value>>) => ({
  ...step('Trigger', action, inputs),
  isTrigger: true,
});
const note = step('Note', 'log.writeLog', { level: value('info'), message: value('x') });
const signed = triggerOf('hash.hmacWebhookTrigger', {
  hmacHeaderName: value('X-Signature'),
  secretKey: value(SECRET),
  hmacHashFunction: value('sha256'),
});
const choosing = triggerOf('code.runCodeTrigger', {
  code: value(
    `module.exports = async (context, payload) => {
      const { httpStatus } = payload.body.data;
      throw Object.assign(new Error('not like this'), { httpStatus });
    };`,
  ),
});

const show = 'module.exports = async (context, { trigger }) => ({ data: trigger.results });';
const DEFINITION = definition('Hooks', [
  { name: 'Show', isSynchronous: true, steps: [code('Show', show)] },
  { name: 'Later', steps: [step('Note', 'log.writeLog', { level: value('info'), message: value('x') })] },
  {
    name: 'Hostile',
    isSynchronous: true,
    steps: [
      code(
        'Answer',
        `module.exports = async () => ({ data: '<script>1</script>', contentType: 'text/html', statusCode: 203,
      headers: { 'x-good': 'yes', 'transfer-encoding': 'chunked', 'set-cookie': 'a=b', 'clear-site-data': '"*"', 'x-request-id': 'mine', 'x-split': 'a\\r\\nb: c' } });`,
      ),
    ],
  },
  { name: 'Signed', trigger: signed, steps: [note] },
  {
    name: 'Signed and waiting',
    trigger: signed,
    isSynchronous: true,
    steps: [code('Say', 'module.exports = async () => ({ data: 1 });')],
  },
  { name: 'Choosing', trigger: choosing, steps: [note] },
  {
    name: 'Large',
    isSynchronous: true,
    steps: [
      code(
        'Answer',
        `module.exports = async (context, { trigger }) => ({ data: 'x'.repeat(Number(trigger.results.body.data.bytes)),
      contentType: 'text/plain', statusCode: 418, headers: { 'x-good': 'yes', 'set-cookie': 'a=b' } });`,
      ),
    ],
  },
  {
    name: 'Ask for much',
    isSynchronous: true,
    steps: [
      step('Ask', 'cross-flow.invokeFlow', {
        flowName: value('Give much'),
        data: value('{"a":1}'),
      }),
      code('Measure', 'module.exports = async (context, { ask }) => ({ data: ask.results.length });'),
    ],
  },
  {
    name: 'Give much',
    isSynchronous: true,
    steps: [
      code('Answer', "module.exports = async () => ({ data: 'x'.repeat(6e6), contentType: 'text/plain' });"),
    ],
  },
  {
    name: 'Debug',
    isSynchronous: true,
    steps: [code('Look', 'module.exports = async ({ globalDebug }) => ({ data: globalDebug });')],
  },
  {
    name: 'Failing',
    isSynchronous: true,
    steps: [code('Break', `module.exports = async () => { throw new Error('no stock left'); };`)],
  },
  {
    name: 'Timed',
    trigger: scheduled('0 3 * * *'),
    steps: [step('Note', 'log.writeLog', { level: value('info'), message: value('x') })],
  },
]);

describe('webhooks', () => {
  let system: System;
  let subject: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem({ env: { TENON_SYNC_ANSWER_SECONDS: '20' } });
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  });
  afterAll(() => system?.stop());

  const count = () => system.deps.store.executions.countDocuments({});

  test('give the trigger what the caller sent: header case, path, query, exact bytes', async () => {
    const response = await fetch(`${subject.webhooks['Show']}/a/b?x=1&y=two`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"n": 1}',
    });
    expect(response.status).toBe(200);
    const shown = (await response.json()) as Record<string, unknown>;
    expect(shown).toMatchObject({
      pathFragment: 'a/b',
      queryParameters: { x: '1', y: 'two' },
      body: { data: { n: 1 }, contentType: 'application/json' },
    });
    expect(Buffer.from((shown['rawBody'] as { data: { data: number[] } }).data.data).toString()).toBe(
      '{"n": 1}',
    );
  });

  test('keep the letter case of header names', async () => {
    const url = new URL(subject.webhooks['Later']!);
    const status = await new Promise<number>((resolve, reject) => {
      const req = request(
        url,
        { method: 'POST', headers: { 'X-Shopify-Topic': 'orders', 'Content-Type': 'text/plain' } },
        (res) => {
          res.resume();
          resolve(res.statusCode ?? 0);
        },
      );
      req.on('error', reject);
      req.end('hello');
    });
    expect(status).toBe(200);
    const execution = await system.deps.store.executions
      .findOne({ flowName: 'Later' })
      .sort({ _id: -1 })
      .lean();
    expect(execution?.request.headers).toContainEqual(['X-Shopify-Topic', 'orders']);
  });

  test('refuse unknown, undeployed, disabled and schedule-only flows with a stable 4xx, and start nothing', async () => {
    const before = await count();
    const post = async (url: string) => {
      const response = await fetch(url, { method: 'POST', body: '{}' });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    const base = subject.webhooks['Later']!.replace(/[^/]+$/, '');
    expect(await post(`${base}${randomUUID()}`)).toEqual([404, 'flow_not_found']);
    expect(await post(`${base}not-an-id`)).toEqual([404, 'flow_not_found']);
    expect(await post(subject.webhooks['Timed']!)).toEqual([404, 'flow_not_found']);
    await updateInstance(system.deps, system.ctx, { id: subject.instanceId, enabled: false });
    expect(await post(subject.webhooks['Later']!)).toEqual([409, 'instance_disabled']);
    await updateInstance(system.deps, system.ctx, { id: subject.instanceId, enabled: true });
    const { versionId, customerId } = subject;
    const undeployed = await createInstance(system.deps, system.ctx, {
      name: 'Not deployed',
      integrationId: versionId,
      customerId,
    });
    const [coming] = await system.deps.store.flowConfigs.find({ instanceId: undeployed._id }).lean();
    expect(await post(`${base}${coming!._id}`)).toEqual([404, 'flow_not_deployed']);
    expect(await count()).toBe(before);
  });

  test('answer 413 to a body over 6 MB, announced or not, and start nothing', async () => {
    const before = await count();
    const big = Buffer.alloc(6 * 1024 * 1024 + 1, 'x');
    expect((await fetch(subject.webhooks['Later']!, { method: 'POST', body: big })).status).toBe(413);
    const chunked = await new Promise<number>((resolve, reject) => {
      const req = request(new URL(subject.webhooks['Later']!), { method: 'POST' }, (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      });
      req.on('error', reject);
      for (let at = 0; at < 7; at += 1) req.write(Buffer.alloc(1024 * 1024, 'y'));
      req.end();
    });
    expect(chunked).toBe(413);
    expect(await count()).toBe(before);
    const fits = await fetch(subject.webhooks['Later']!, { method: 'POST', body: big.subarray(1) });
    expect(fits.status).toBe(200);
  });

  test('keep a large body apart from the record, and give it back byte for byte', async () => {
    const bytes = Buffer.alloc(300_000, 'z');
    const response = await fetch(subject.webhooks['Show']!, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    expect(response.status).toBe(200);
    const execution = await system.deps.store.executions
      .findOne({ flowName: 'Show' })
      .sort({ _id: -1 })
      .lean();
    expect(execution?.request).toMatchObject({ body: null, bodyBytes: 300_000 });
    const stored = await system.deps.store.blobs.get(execution!.request.bodyBlobId!);
    expect(stored.equals(bytes)).toBe(true);
    const trigger = await system.deps.store.stepResults
      .findOne({ executionId: execution!._id, stepKey: 'trigger' })
      .lean();
    const { data } = decodeOutput(await system.deps.store.blobs.get(trigger!.outputBlobId!));
    expect((data as { body: { data: Buffer } }).body.data.equals(bytes)).toBe(true);
  });

  test('take one delivery for two with the same Idempotency-Key', async () => {
    const before = await count();
    const deliver = async (key: string) => {
      const headers = { 'Idempotency-Key': key };
      const response = await fetch(subject.webhooks['Later']!, { method: 'POST', body: '{}', headers });
      const { executionId } = (await response.json()) as { executionId: string };
      expect([response.status, response.headers.get('prismatic-executionid')]).toEqual([200, executionId]);
      return executionId;
    };
    const key = randomUUID();
    const [first, second] = await Promise.all([deliver(key), deliver(key)]);
    expect(second).toBe(first);
    expect(Buffer.from(first, 'base64').toString()).toMatch(/^InstanceExecutionResult:[0-9a-f-]{36}$/);
    expect(await deliver(randomUUID())).not.toBe(first);
    expect(await count()).toBe(before + 2);
    const tooLong = { 'Idempotency-Key': 'k'.repeat(256) };
    const refused = await fetch(subject.webhooks['Later']!, { method: 'POST', headers: tooLong });
    expect(refused.status).toBe(400);
  });

  test('start nothing for methods that are not theirs, HEAD among them', async () => {
    const before = await count();
    for (const method of ['HEAD', 'OPTIONS']) {
      const response = await fetch(subject.webhooks['Later']!, { method });
      expect([method, response.status]).toEqual([method, 405]);
      expect(response.headers.get('allow')).toBe('GET, POST, PUT, PATCH, DELETE');
    }
    expect(await count()).toBe(before);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      expect((await fetch(subject.webhooks['Later']!, { method })).status).toBe(200);
    }
    expect(await count()).toBe(before + 4);
  });

  test('cut off a sender who goes on after 413, once it could see the answer', async () => {
    const before = await count();
    const { hostname, port, pathname } = new URL(subject.webhooks['Later']!);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(1024 * 1024), Buffer.from('\r\n')]);
    for (let at = 0; at < 7; at += 1) socket.write(chunk);
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
    const trickle = setInterval(() => socket.write('1\r\nx\r\n'), 200);
    await closed;
    clearInterval(trickle);
    expect(await count()).toBe(before);
  });

  test('ask for the API key once a customer has set one', async () => {
    const [flow] = await system.deps.store.flowConfigs
      .find({ instanceId: subject.instanceId, flowName: 'Later' })
      .lean();
    await updateInstance(system.deps, system.ctx, {
      id: subject.instanceId,
      flowConfigs: [{ flowId: flow!.flowId, apiKeys: ['s3cret'] }],
    });
    const post = async (headers: Record<string, string>) =>
      (await fetch(subject.webhooks['Later']!, { method: 'POST', body: '{}', headers })).status;
    expect(await post({})).toBe(401);
    expect(await post({ 'Api-Key': 'wrong' })).toBe(401);
    expect(await post({ 'Api-Key': 's3cret' })).toBe(200);
    const execution = await system.deps.store.executions
      .findOne({ flowName: 'Later' })
      .sort({ _id: -1 })
      .lean();
    expect(JSON.stringify(execution?.request.headers)).not.toContain('s3cret');
  });

  test('serve what a flow answers so that no browser runs it and no header is smuggled in', async () => {
    const response = await fetch(subject.webhooks['Hostile']!, { method: 'POST', body: '{}' });
    expect(response.status).toBe(203);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-good')).toBe('yes');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('clear-site-data')).toBeNull();
    expect(response.headers.get('x-request-id')).not.toBe('mine');
    expect(response.headers.get('x-split')).toBeNull();
    expect(await response.text()).toBe('<script>1</script>');
  });

  test('let the caller choose: prismatic-synchronous waits, or does not', async () => {
    const asynchronous = await fetch(subject.webhooks['Show']!, {
      method: 'POST',
      body: '{}',
      headers: { 'prismatic-synchronous': 'false' },
    });
    expect(Object.keys((await asynchronous.json()) as object)).toEqual(['executionId']);
    const other = await fetch(subject.webhooks['Show']!, {
      method: 'POST',
      body: '"x"',
      headers: { 'prismatic-synchronous': 'true', 'content-type': 'application/json' },
    });
    expect((await other.json()) as object).toHaveProperty('body');
  });

  test('tell a waiting caller that the flow failed, with its error and the execution', async () => {
    const response = await fetch(subject.webhooks['Failing']!, { method: 'POST', body: '{}' });
    expect(response.status).toBe(502);
    expect(response.headers.get('prismatic-executionid')).toMatch(/^[A-Za-z0-9+/=]+$/);
    const problem = (await response.json()) as { code: string; detail: string };
    expect(problem).toMatchObject({
      code: 'component_failed',
      detail: expect.stringContaining('no stock left'),
    });
  });

  describe('refuse', () => {
    const send = async (flow: string, body: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(subject.webhooks[flow]!, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    };
    const hmac = (body: unknown, key = SECRET) =>
      createHmac('sha256', key).update(JSON.stringify(body)).digest('hex');

    test.each(['Signed', 'Signed and waiting'])(
      'what is not signed with 401, and fail the run: %s',
      async (flow) => {
        const good = await send(flow, { a: 1 }, { 'x-signature': hmac({ a: 1 }) });
        expect(good.status).toBe(200);
        for (const headers of [{}, { 'x-signature': hmac({ a: 1 }, 'other') }]) {
          const { status, body } = await send(flow, { a: 1 }, headers as Record<string, string>);
          expect([status, body]).toMatchObject([401, { code: 'request_refused', status: 401 }]);
          expect(body['detail']).toMatch(/signature/);
          const id = fromGlobalId('InstanceExecutionResult', String(body['executionId']));
          const execution = await system.deps.store.executions.findById(id).lean();
          expect(execution).toMatchObject({ status: 'ERROR', phase: 'ended', stepCount: 1 });
        }
      },
    );

    test('with the status that a code trigger chooses, and only with one of 4xx', async () => {
      expect(await send('Choosing', { httpStatus: 403 })).toMatchObject({
        status: 403,
        body: { code: 'request_refused', detail: expect.stringContaining('not like this') },
      });
      for (const httpStatus of [undefined, 200, 500, '401'])
        expect(await send('Choosing', { httpStatus })).toMatchObject({
          status: 502,
          body: { code: 'component_failed' },
        });
    });
  });

  describe('with an answer over 5 MB', () => {
    const ask = (bytes: number, redirect: 'follow' | 'manual' = 'manual') =>
      fetch(subject.webhooks['Large']!, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ bytes }),
        redirect,
      });

    test('say by 303 where it is; there it has the flow’s status and headers', async () => {
      const small = await ask(5 * 1024 * 1024);
      expect([small.status, (await small.text()).length]).toEqual([418, 5 * 1024 * 1024]);
      const large = await ask(5 * 1024 * 1024 + 1);
      expect(large.status).toBe(303);
      expect(large.headers.get('prismatic-executionid')).toMatch(/^[A-Za-z0-9+/=]+$/);
      await large.text();
      const address = large.headers.get('location')!;
      expect(new URL(address).origin).toBe(system.apiUrl);
      const answer = await fetch(address);
      expect([answer.status, (await answer.text()).length]).toEqual([418, 5 * 1024 * 1024 + 1]);
      expect(answer.headers.get('content-type')).toBe('text/plain');
      expect(answer.headers.get('x-good')).toBe('yes');
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      expect(answer.headers.get('prismatic-executionid')).toBe(large.headers.get('prismatic-executionid'));
      const changed = await fetch(address.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
      expect(changed.status).toBe(401);
      // A signature is for one kind of file.
      const other = await fetch(address.replace('/answers/', '/response-payloads/'));
      expect(other.status).toBe(401);
    });

    test('reach callers who follow, and flows that invoke one another', async () => {
      const followed = await ask(6_000_000, 'follow');
      expect([followed.status, (await followed.text()).length]).toEqual([418, 6_000_000]);
      const asked = await fetch(subject.webhooks['Ask for much']!, { method: 'POST', body: '{}' });
      expect([asked.status, await asked.json()]).toEqual([200, 6_000_000]);
    });
  });

  test('turn debugging on for one run by prismatic-debug', async () => {
    const debugOf = async (headers: Record<string, string>) =>
      (await fetch(subject.webhooks['Debug']!, { method: 'POST', headers, body: '{}' })).json();
    expect(await debugOf({ 'prismatic-debug': 'true' })).toBe(true);
    expect(await debugOf({ 'prismatic-debug': 'false' })).toBe(false);
    expect(await debugOf({})).toBe(false);
  });

  test('tell a waiting caller after the limit that no answer came, and let the execution go on', async () => {
    // Without a worker nobody answers.
    const alone = await startSystem({ worker: false, env: { TENON_SYNC_ANSWER_SECONDS: '1' } });
    try {
      const idle = await aDeployedInstance(alone.deps, alone.ctx, { definition: DEFINITION });
      const response = await fetch(idle.webhooks['Show']!, { method: 'POST', body: '{}' });
      expect(response.status).toBe(504);
      const problem = (await response.json()) as { code: string; executionId: string };
      expect(problem.code).toBe('answer_timeout');
      const id = fromGlobalId('InstanceExecutionResult', problem.executionId);
      const execution = await alone.deps.store.executions.findById(id).lean();
      expect(execution).toMatchObject({ status: 'PENDING', phase: 'accepted' });
      await alone.deps.temporal.terminate(String(execution!.workflowId), 'the test is over');
    } finally {
      await alone.stop();
    }
  });
});
