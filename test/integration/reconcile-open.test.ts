import { SignJWT } from 'jose';
import { createLogger } from '../../src/config/logger';
import { verifyAccessToken } from '../../src/services/access-tokens/verify-access-token';
import { createCustomer } from '../../src/services/customers/create-customer';
import { reconcileOpen } from '../../src/services/executions/repair/reconcile-open';
import { startAccepted } from '../../src/services/executions/repair/start-accepted';
import { createInstance } from '../../src/services/instances/create-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import type { Execution } from '../../src/store/models/execution.model';
import type { Instance } from '../../src/store/models/instance.model';
import { createTemporalGateway } from '../../src/temporal/client';
import { code, definition } from '../support/definition-builder';
import { errorOf, type Services, startServices } from '../support/services';
import { aStoredExecution } from '../support/stored-execution';

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const ACCEPTED = { phase: 'accepted', status: 'PENDING', startedAt: null, endedAt: null } as const;
const RUNNING = { phase: 'running', status: 'PENDING', endedAt: null } as const;
const OLD = { acceptedAt: ago(120), startedAt: ago(119) };

describe('the passes of the sweeper', () => {
  const logger = createLogger({ TENON_LOG_LEVEL: 'silent' }, 'api');
  let services: Services;
  let instance: Instance;
  beforeAll(async () => {
    services = await startServices();
    const { deps, ctx } = services;
    const steps = [code('Answer', 'module.exports = async () => ({ data: 1 });')];
    const text = definition('Swept', [{ name: 'Main', steps }]);
    const { _id } = await importIntegration(deps, ctx, { definition: text });
    const { _id: integrationId } = await publishIntegration(deps, ctx, { id: _id });
    const { _id: customerId } = await createCustomer(deps, ctx, { name: 'Swept' });
    instance = await createInstance(deps, ctx, { name: 'An instance', integrationId, customerId });
  });
  afterAll(() => services?.stop());
  beforeEach(() => services.deps.store.executions.deleteMany({}));

  const stored = async (change: Partial<Execution>) =>
    (await aStoredExecution(services.deps, instance, { steps: 0, lines: 0, change })).executionId;
  const read = (id: string) => services.deps.store.executions.findById(id).orFail().lean<Execution>();
  const isOpen = (id: string) => services.deps.temporal.isOpen(`execution:${id}`);
  const end = (id: string) => services.deps.temporal.terminate(`execution:${id}`, 'by a test');

  it('a start that fails is passed over, and those behind it start', async () => {
    const { deps } = services;
    // Longer than Temporal takes.
    const bad = await stored({ ...ACCEPTED, acceptedAt: ago(300), workflowId: 'x'.repeat(2000) });
    const good = await stored({ ...ACCEPTED, acceptedAt: ago(60) });
    expect(await startAccepted(deps, logger)).toEqual({ started: 1, ended: 0 });
    expect([await isOpen(good), (await read(bad)).phase]).toEqual([true, 'accepted']);
    expect(await startAccepted(deps, logger)).toEqual({ started: 0, ended: 0 });
    await end(good);
  });

  it('of accepted ones, that with a closed workflow ends and that without one is started', async () => {
    const closed = await stored({ ...ACCEPTED, acceptedAt: ago(120) });
    await startAccepted(services.deps, logger);
    await end(closed);
    const due = await stored({ ...ACCEPTED, acceptedAt: ago(120) });
    expect(await reconcileOpen(services.deps, logger)).toMatchObject({ checked: 2, ended: 1 });
    expect([(await read(closed)).error?.code, (await read(due)).phase]).toEqual(['terminated', 'accepted']);
    expect(await isOpen(due)).toBe(true);
    await end(due);
  });

  it('leaves young, ended and lately checked ones alone', async () => {
    await stored({ ...RUNNING, acceptedAt: ago(50), startedAt: ago(50) });
    await stored({ ...RUNNING, acceptedAt: ago(120), startedAt: ago(50) });
    await stored({ ...RUNNING, ...OLD, checkedAt: ago(290) });
    await stored(OLD);
    expect(await reconcileOpen(services.deps, logger)).toMatchObject({ checked: 0, ended: 0 });
    const id = await stored({ ...RUNNING, ...OLD, checkedAt: ago(301) });
    // Handed over to a driver of its own that was never started: it is started now, not ended.
    expect(await reconcileOpen(services.deps, logger)).toMatchObject({ checked: 1, ended: 0 });
    expect(await isOpen(id)).toBe(true);
    await end(id);
    await services.deps.store.executions.updateOne({ _id: id }, { $set: { checkedAt: ago(301) } });
    expect(await reconcileOpen(services.deps, logger)).toMatchObject({ checked: 1, ended: 1 });
  });

  it.each([
    ['the server is away', { TENON_TEMPORAL_ADDRESS: '127.0.0.1:1' }],
    ['the namespace is not there', { TENON_TEMPORAL_NAMESPACE: 'not-there' }],
  ])('ends nothing while %s', async (_what, change) => {
    const id = await stored({ ...RUNNING, ...OLD });
    const temporal = createTemporalGateway({ ...services.env, ...change });
    const [outcome] = await Promise.allSettled([reconcileOpen({ ...services.deps, temporal }, logger)]);
    await temporal.close();
    expect(outcome?.status).toBe('TENON_TEMPORAL_ADDRESS' in change ? 'rejected' : 'fulfilled');
    expect(await read(id)).toMatchObject({ phase: 'running', checkedAt: expect.any(Date) });
  });

  it('reads no ended execution to find its page, and prepares a database of the version before', async () => {
    const { executions, ensureIndexes } = services.deps.store;
    for (let at = 0; at < 20; at += 1) await stored({});
    await stored({ ...RUNNING, ...OLD });
    const plan = await executions
      .find({ phase: { $in: ['accepted', 'running'] }, checkedAt: { $not: { $gte: ago(300) } } })
      .sort({ checkedAt: 1, acceptedAt: 1 })
      .explain('executionStats');
    expect(plan).toMatchObject({ executionStats: { totalDocsExamined: 1 } });
    await executions.collection.dropIndexes();
    const before = { partialFilterExpression: { phase: 'accepted' } };
    await executions.collection.createIndex({ phase: 1, acceptedAt: 1 }, before);
    await expect(ensureIndexes()).resolves.toBeUndefined();
  });

  it('a signed token whose claims have other types is refused', async () => {
    const { deps, owner, env } = services;
    const key = new TextEncoder().encode(env.TENON_JWT_SECRET.reveal());
    const claims = { sub: owner._id, org: owner.organizationId, gen: 0, iss: 'tenon', customer: null };
    const verify = async (change: object) => {
      const token = new SignJWT({ ...claims, ...change } as never).setProtectedHeader({ alg: 'HS256' });
      return verifyAccessToken(deps, await token.setExpirationTime('1h').sign(key));
    };
    await expect(verify({})).resolves.toMatchObject({ userId: owner._id });
    const bad = [{ sub: { $ne: null } }, { sub: [owner._id] }, { sub: 7 }, { sub: 'x' }, { org: { $ne: 1 } }];
    for (const change of [...bad, { gen: '0' }, { customer: { $ne: 1 } }, { role: ['owner'] }])
      expect([change, (await errorOf(verify(change))).code]).toEqual([change, 'unauthenticated']);
  });
});
