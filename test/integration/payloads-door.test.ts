import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { updateInstance } from '../../src/services/instances/update-instance';
import { definition, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { sendBody } from '../support/send-body';
import { type System, startSystem } from '../support/system';

const MB = 1024 * 1024;
const note = step('Note', 'log.writeLog', { level: value('info'), message: value('x') });
const DEFINITION = definition('Large bodies', [
  { name: 'Open', steps: [note] },
  { name: 'Keyed', endpointSecurityType: 'organization', organizationApiKeys: ['right'], steps: [note] },
] as never);

/** An API alone: what it accepts stays accepted. */
describe('large bodies at the door', () => {
  let system: System;
  let subject: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem({ worker: false, env: { TENON_WEBHOOK_MAX_BYTES: String(50 * MB) } });
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  });
  afterAll(() => system?.stop());

  const url = (flow: string) => subject.webhooks[flow]!;
  const blobs = () => system.deps.store.connection.db!.collection('blobs.files').countDocuments({});
  const chunks = () => system.deps.store.connection.db!.collection('blobs.chunks').countDocuments({});
  const executions = () => system.deps.store.executions.countDocuments({});
  const last = async () => (await system.deps.store.executions.findOne({}).sort({ acceptedAt: -1 }).lean())!;

  test.each([
    ['64 KB, in the record', 64 * 1024, true],
    ['one byte more, apart', 64 * 1024 + 1, true],
    ['64 KB without a length', 64 * 1024, false],
    ['5 MB without a length', 5 * MB, false],
    ['50 MB', 50 * MB, true],
  ])('of %s are kept byte for byte', async (_name, bytes, isAnnounced) => {
    const piece = randomBytes(100_003);
    expect(await sendBody(url('Open'), { bytes, piece, isAnnounced })).toMatchObject({ status: 200 });
    const { request } = await last();
    expect(request.bodyBytes).toBe(bytes);
    expect(request.body === null).toBe(bytes > 64 * 1024);
    const stored = request.bodyBlobId ? await system.deps.store.blobs.get(request.bodyBlobId) : request.body!;
    const sent = Buffer.alloc(bytes, piece);
    expect(Buffer.compare(Buffer.from(stored), sent)).toBe(0);
  });

  test('over the limit are refused before they are sent whole, announced or not, and leave nothing', async () => {
    const before = [await executions(), await blobs(), await chunks()];
    const piece = randomBytes(64 * 1024);
    const announced = await sendBody(url('Open'), { bytes: 200 * MB, piece });
    expect(announced.status).toBe(413);
    expect(announced.sentBytes).toBeLessThan(20 * MB);
    const chunked = await sendBody(url('Open'), { bytes: 200 * MB, piece, isAnnounced: false });
    expect(chunked.status).toBe(413);
    expect(JSON.parse(chunked.text)).toMatchObject({ code: 'payload_too_large', detail: /50\.0 MB/ });
    expect(chunked.sentBytes).toBeLessThan(80 * MB);
    expect([await executions(), await blobs(), await chunks()]).toEqual(before);
  });

  test('are not read before the flow’s own checks', async () => {
    const before = [await executions(), await blobs(), await chunks()];
    const piece = randomBytes(64 * 1024);
    const body = { bytes: 40 * MB, piece };
    const refused = [
      await sendBody(url('Keyed'), body),
      await sendBody(url('Keyed'), { ...body, headers: { 'api-key': 'wrong' } }),
      await sendBody(url('Open').replace(/.{8}$/, '00000000'), body),
    ];
    await updateInstance(system.deps, system.ctx, { id: subject.instanceId, enabled: false });
    refused.push(await sendBody(url('Open'), body));
    await updateInstance(system.deps, system.ctx, { id: subject.instanceId, enabled: true });
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 404, 409]);
    for (const { sentBytes } of refused) expect(sentBytes).toBeLessThan(20 * MB);
    expect([await executions(), await blobs(), await chunks()]).toEqual(before);
    expect(await sendBody(url('Keyed'), { ...body, headers: { 'api-key': 'right' } })).toMatchObject({
      status: 200,
    });
  });

  test('that come again are stored once; a repeated Idempotency-Key stores none, equal or not', async () => {
    const piece = randomBytes(1000);
    const body = { bytes: 2 * MB, piece, headers: { 'idempotency-key': 'k1' } };
    const first = await sendBody(url('Open'), body);
    const [stored, pieces] = [await blobs(), await chunks()];
    const other = { ...body, piece: randomBytes(1000) };
    for (const again of [body, other]) {
      const sent = await sendBody(url('Open'), again);
      expect(sent).toMatchObject({ status: 200, text: first.text });
    }
    expect(await sendBody(url('Open'), { ...body, headers: {} })).toMatchObject({ status: 200 });
    expect([await blobs(), await chunks()]).toEqual([stored, pieces]);
    const twins = await system.deps.store.executions.find({ 'request.bodyBytes': 2 * MB }).lean();
    expect(new Set(twins.map(({ request }) => request.bodyBlobId)).size).toBe(1);
    expect(twins).toHaveLength(2);
  });

  test('that break off leave neither an execution nor a blob', async () => {
    const before = [await executions(), await blobs(), await chunks()];
    const req = request(url('Open'), { method: 'POST', headers: { 'content-length': String(20 * MB) } });
    req.on('error', () => undefined);
    req.write(randomBytes(2 * MB));
    while ((await chunks()) <= before[2]!) await sleep(20);
    req.destroy();
    const left = async () => JSON.stringify([await executions(), await blobs(), await chunks()]);
    for (let tries = 0; tries < 100 && (await left()) !== JSON.stringify(before); tries += 1) await sleep(50);
    expect(JSON.parse(await left())).toEqual(before);
  });
});
