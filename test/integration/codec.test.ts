import { Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { code, definition, scheduled, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { expectProblem } from '../support/http';
import {
  metadataOf,
  payloadsIn,
  plainOf,
  type RawHistory,
  type RawPayload,
  rawHistories,
} from '../support/raw-history';
import { aUser } from '../support/services';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const WEB_UI = 'http://127.0.0.1:8233';

const SUBJECT = definition('Codec subject', [
  { name: 'Good', steps: [code('Answer', 'module.exports = async () => ({ data: 42 });')] },
  {
    name: 'Bad',
    steps: [
      step('Wait', 'sleep.sleep', { ms: value('2500') }),
      code('Break', "module.exports = async () => { throw new Error('broken on purpose'); };"),
    ],
  },
  {
    name: 'Nightly',
    trigger: scheduled('0 3 * * *'),
    steps: [code('Answer', 'module.exports = async () => ({ data: 1 });')],
  },
]);

let system: System;
let subject: DeployedInstance;
let histories: RawHistory[];
/** Execution ids, by flow. */
const ids: Record<string, string> = {};

const historyOf = (flow: string) =>
  histories.find(({ workflowId }) => workflowId === `execution:${ids[flow]}`)!;
const payloadsOf = (flow: string) => payloadsIn(historyOf(flow).events);

async function call(path: string, payloads: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${system.apiUrl}/codec${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: JSON.stringify({ payloads }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as { payloads: RawPayload[]; detail: string },
  };
}
const asOwner = () => ({ authorization: `Bearer ${system.accessToken}` });

beforeAll(async () => {
  system = await startSystem({ env: { TENON_TEMPORAL_UI_URL: WEB_UI } });
  subject = await aDeployedInstance(system.deps, system.ctx, { definition: SUBJECT });
  for (const flow of ['Good', 'Bad']) {
    const response = await fetch(subject.webhooks[flow]!, { method: 'POST', body: '{}' });
    ids[flow] = Buffer.from(response.headers.get('prismatic-executionid')!, 'base64')
      .toString()
      .split(':')[1]!;
    // Alone in its workflow, since nothing is waiting beside it.
    await until('its end', () => system.deps.store.executions.exists({ _id: ids[flow]!, phase: 'ended' }));
  }
  histories = await until('both closed workflows', async () => {
    const found = await rawHistories(system.env.TENON_TEMPORAL_ADDRESS, system.env.TENON_TASK_QUEUE);
    const closed = found.filter(({ events }) =>
      /^EVENT_TYPE_WORKFLOW_EXECUTION_(COMPLETED|FAILED)$/.test(events.at(-1)!.eventType),
    );
    return closed.length === 2 ? closed : undefined;
  });
});
afterAll(async () => {
  await system?.stop();
});

describe('what Temporal keeps', () => {
  test('has no readable payload: neither arguments, nor results, nor summaries', () => {
    for (const flow of ['Good', 'Bad']) {
      const found = payloadsOf(flow);
      expect(found.map(({ path }) => path)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('workflowExecutionStartedEventAttributes.input'),
          expect.stringContaining('userMetadata.summary'),
        ]),
      );
      const plain = found.filter(({ payload }) => metadataOf(payload, 'encoding') !== 'binary/encrypted');
      // Written by the SDK's core, which knows no codec: type and times of a local activity.
      expect(plain.filter(({ path }) => !path.endsWith('.details.data.payloads.0'))).toEqual([]);
      for (const { payload } of plain) {
        expect(Object.keys(plainOf(payload) as object).sort()).toEqual(CORE_MARKER);
      }
    }
  });

  test('has no readable message or stack trace of a failure', () => {
    const { bytes, events } = historyOf('Bad');
    const { failure } = events.at(-1)!['workflowExecutionFailedEventAttributes'] as {
      failure: Record<string, unknown>;
    };
    expect(failure).toMatchObject({
      message: 'Encoded failure',
      encodedAttributes: { metadata: expect.anything() },
    });
    expect(failure['stackTrace'] ?? '').toBe('');
    expect(bytes.toString('latin1')).not.toMatch(/Break|broken on purpose|node_modules|src\//);
  });

  test('has no readable argument or summary of a schedule', async () => {
    const connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
    const scheduleId = `flow-schedule:${subject.flowConfigIds['Nightly']}`;
    const { schedule } = await connection.workflowService.describeSchedule({
      namespace: 'default',
      scheduleId,
    });
    await connection.close();
    const { input, userMetadata } = schedule?.action?.startWorkflow ?? {};
    for (const payload of [input?.payloads?.[0], userMetadata?.summary]) {
      expect(Buffer.from(payload!.metadata!['encoding']!).toString()).toBe('binary/encrypted');
    }
  });
});

describe('an encrypted history', () => {
  const replay = async (dataConverter?: ReturnType<typeof createDataConverter>) => {
    const { code: text } = await bundleWorkflowCode({
      workflowsPath: require.resolve('../../src/workflows'),
      ...(dataConverter && { failureConverterPath: dataConverter.failureConverterPath }),
      logger: new DefaultLogger('ERROR'),
    });
    // Neither cipher nor keys are anything for the sandbox.
    expect(text).not.toMatch(/aes-256-gcm|encrypting-codec/);
    const errors: string[] = [];
    for await (const { error } of Worker.runReplayHistories(
      { workflowBundle: { code: text }, ...(dataConverter && { dataConverter }) },
      histories.map(({ workflowId, events }) => ({ workflowId, history: { events } })),
    )) {
      errors.push(error?.message ?? 'replayed');
    }
    return errors;
  };

  test('replays with the keys, and does not without them', async () => {
    expect(await replay(createDataConverter(system.env))).toEqual(['replayed', 'replayed']);
    expect(await replay()).toEqual([expect.stringMatching(/encod/i), expect.stringMatching(/encod/i)]);
  });
});

describe('the codec endpoint', () => {
  test('decrypts arguments and summaries for the owner', async () => {
    const { body, status } = await call(
      '/decode',
      payloadsOf('Good').map(({ payload }) => payload),
      asOwner(),
    );
    expect(status).toBe(200);
    const values = body.payloads.map(plainOf);
    expect(values).toContainEqual(expect.objectContaining({ executionId: ids['Good'] }));
    expect(values).toContainEqual(expect.stringContaining('Good'));
  });

  test('decrypts the message of a failure', async () => {
    const { failure } = historyOf('Bad').events.at(-1)!['workflowExecutionFailedEventAttributes'] as {
      failure: { encodedAttributes: RawPayload };
    };
    const { body } = await call('/decode', [failure.encodedAttributes], asOwner());
    expect(plainOf(body.payloads[0]!)).toMatchObject({ message: expect.stringContaining("'Break'") });
  });

  test('encrypts what it can decrypt, and leaves plain payloads as they are', async () => {
    const plain = { metadata: { encoding: btoa('json/plain') }, data: btoa('"x"') };
    const coded = (await call('/encode', [plain], asOwner())).body.payloads;
    expect(metadataOf(coded[0]!, 'encoding')).toBe('binary/encrypted');
    const { body } = await call('/decode', [...coded, plain], asOwner());
    expect(body.payloads).toEqual([plain, plain]);
  });

  test('takes a message without payloads, as the command line sends it for a query without arguments', async () => {
    for (const path of ['/encode', '/decode']) {
      const { status, body } = await call(path, undefined, asOwner());
      expect({ status, payloads: body.payloads }).toEqual({ status: 200, payloads: [] });
    }
  });

  test('refuses a payload that was changed, and names its key', async () => {
    const { payload } = payloadsOf('Good')[0]!;
    const data = Buffer.from(payload.data!, 'base64').fill(7, 50, 51).toString('base64');
    const answer = await call('/decode', [{ ...payload, data }], asOwner());
    expectProblem(answer as never, 'invalid_input');
    expect(answer.body.detail).toContain("key 'k1'");
  });

  test('refuses bodies of another form or size', async () => {
    expectProblem((await call('/decode', 'x', asOwner())) as never, 'invalid_input');
    expectProblem((await call('/decode', [{ data: 7 }], asOwner())) as never, 'invalid_input');
    const large = { data: 'A'.repeat(7 * 1024 * 1024) };
    expectProblem((await call('/decode', [large], asOwner())) as never, 'payload_too_large');
  });
});

describe('those who may not read payloads', () => {
  const tokenOf = async (role: 'admin' | 'integrator' | 'guest' | 'customer_admin') => {
    const { organizationId } = system.owner;
    const wanted = role === 'customer_admin' ? { role, customerId: subject.customerId } : { role };
    return issueAccessToken(system.deps, await aUser(system.deps, organizationId, wanted));
  };
  const decode = (headers: Record<string, string>) =>
    call('/decode', [payloadsOf('Good')[0]!.payload], headers);

  test('without a token get 401, and nothing decrypted', async () => {
    for (const headers of [{}, { authorization: 'Bearer x' }, { cookie: 'tenon_codec=x' }]) {
      for (const answer of [await decode(headers as never), await call('/encode', [], headers as never)]) {
        expectProblem(answer as never, 'unauthenticated');
        expect(answer.body.payloads).toBeUndefined();
      }
    }
  });

  test('without the role get 403; an admin has it', async () => {
    for (const role of ['integrator', 'guest', 'customer_admin'] as const) {
      expectProblem((await decode({ authorization: `Bearer ${await tokenOf(role)}` })) as never, 'forbidden');
    }
    expect((await decode({ authorization: `Bearer ${await tokenOf('admin')}` })).status).toBe(200);
  });
});

const CORE_MARKER = [
  'activity_id',
  'activity_type',
  'attempt',
  'backoff',
  'complete_time',
  'original_schedule_time',
  'seq',
];
