import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../src/engine/plan';
import { compileDefinition } from '../../src/services/integrations/compile-definition';
import { DefinitionThread } from '../../src/services/integrations/desk/definition-thread';
import type { Ask } from '../../src/services/integrations/desk/desk-requests';
import { readPlan } from '../../src/services/plans/load-plan';
import { code, definition } from '../support/definition-builder';
import { graphqlClient } from '../support/graphql-client';
import { errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';

/** Near the most that is read: 1 500 steps, some 1.5 million characters. */
const FLOWS = 30;
const large = (name: string) =>
  definition(
    name,
    Array.from({ length: FLOWS }, (_, flow) => ({
      name: `Flow ${flow}`,
      steps: Array.from({ length: 50 }, (_, step) =>
        code(`Step ${step}`, `module.exports = async () => ({ data: "${'x'.repeat(700)}" });`),
      ),
    })),
  );
/** Of a size that is read in a thread. */
const middle = (name: string) =>
  definition(name, [
    {
      name: 'Main',
      steps: Array.from({ length: 150 }, (_, step) => code(`Step ${step}`, 'module.exports = 1')),
    },
  ]);
const readName = (text: string) => async (ask: Ask) => (await ask('read', { text })).name;

describe('a large definition', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(() => system?.stop());

  test('is imported while the API goes on answering: no webhook waits for most of the import', async () => {
    const graphql = graphqlClient(system, system.accessToken);
    const ask = `mutation($definition: String!) { importIntegration(input: { definition: $definition }) {
      integration { id flows(first: 1) { nodes { name } totalCount } } errors { field messages } } }`;
    const text = large(`Large ${randomUUID()}`);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    let isOver = false;
    let answers = 0;
    let slowest = 0;
    const probing = (async () => {
      while (!isOver) {
        const begun = performance.now();
        const response = await fetch(`${system.apiUrl}/trigger/${randomUUID()}`, { method: 'POST' });
        expect(await response.json()).toMatchObject({ code: 'flow_not_found' });
        slowest = Math.max(slowest, performance.now() - begun);
        answers += 1;
        await sleep(5);
      }
    })();
    const begun = performance.now();
    const { body } = await graphql(ask, { definition: text });
    const whole = performance.now() - begun;
    isOver = true;
    await probing;
    delay.disable();
    expect(body.data?.['importIntegration']?.['errors']).toEqual([]);
    expect(body.data?.['importIntegration']?.['integration']?.['flows']?.['totalCount']).toBe(FLOWS);
    const longest = delay.max / 1e6;
    process.stdout.write(
      `${text.length} characters: ${Math.round(whole)} ms; the loop stood still for ${Math.round(longest)} ms at most, the slowest of ${answers} answers took ${Math.round(slowest)} ms.\n`,
    );
    expect(longest).toBeLessThan(whole / 3);
    expect(slowest).toBeLessThan(whole / 2);
  });

  test('gives the same plan and the same faults as when it is read at once', async () => {
    const { deps, ctx } = system;
    const { organizationId } = ctx.actor;
    const name = `Same ${randomUUID()}`;
    const compiled = await compileDefinition(deps, organizationId, middle(name));
    const plan = JSON.parse(compiled.plan.json) as Plan;
    expect([plan.integrationName, plan.flows.map(({ name, steps }) => [name, steps.length])]).toEqual([
      name,
      [['Main', 150]],
    ]);
    expect(readPlan(compiled.plan)).toEqual(plan);
    expect(compiled.name).toBe(name);
    const wrong = middle(name).replace('key: code', 'key: cod');
    await expect(compileDefinition(deps, organizationId, wrong)).rejects.toMatchObject({
      code: 'invalid_definition',
      faults: [
        {
          field: expect.stringMatching(/^line \d+, column \d+$/),
          messages: [expect.stringContaining('There is no public component "cod"')],
        },
      ],
    });
  });

  test('is compiled once for the same text, and again when a component or what is known has changed', async () => {
    const { deps, ctx } = system;
    const { organizationId } = ctx.actor;
    const text = middle(`Once ${randomUUID()}`);
    const first = await compileDefinition(deps, organizationId, text);
    expect((await compileDefinition(deps, organizationId, text)).plan).toBe(first.plan);
    const { identities } = first;
    expect((await compileDefinition(deps, organizationId, text, { identities })).plan).toBe(first.plan);
    const other = JSON.stringify({ flows: [{ name: 'Main', stableKey: 'k' }], configVars: [], renames: '' });
    const renamed = await compileDefinition(deps, organizationId, text, { identities: other });
    expect(JSON.parse(renamed.plan.json)).toMatchObject({ flows: [{ stableKey: 'k' }] });
    await deps.store.componentVersions.updateMany({ key: 'code' }, { $set: { isLatest: false } });
    try {
      expect(await errorOf(compileDefinition(deps, organizationId, text))).toMatchObject({
        code: 'invalid_definition',
      });
    } finally {
      await deps.store.componentVersions.updateMany({ key: 'code' }, { $set: { isLatest: true } });
    }
  });
});

describe('the thread that reads large definitions', () => {
  test('gives one up that takes too long, and reads the next', async () => {
    const thread = new DefinitionThread({ timeMs: 8000, idleMs: 100 });
    const stuck = thread.visit('a', 1, async (ask) => {
      await ask('read', { text: middle('Slow') });
      await sleep(8100);
      return ask('read', { text: middle('Slow') });
    });
    const next = thread.visit('b', 1, readName(middle('Next')));
    await expect(stuck).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: expect.stringContaining('more than 8 s'),
      retryAfterSeconds: 30,
    });
    expect(await next).toBe('Next');
  });

  test('refuses one that takes more memory than it may, and reads the next', async () => {
    const thread = new DefinitionThread({ memoryMb: 24, idleMs: 100 });
    const text = large('Too much');
    await expect(thread.visit('a', text.length, readName(text))).rejects.toMatchObject({
      code: 'invalid_definition',
      message: expect.stringContaining('more than 24 MB'),
    });
    expect(await thread.visit('a', 1, readName(middle('Next')))).toBe('Next');
  });

  test('serves organizations in turn, and refuses what is too much for one or for all', async () => {
    const thread = new DefinitionThread({ waitingOfOne: 30, waitingOfAll: 50, idleMs: 100 });
    const order: string[] = [];
    const visit = (organization: string, name: string) =>
      thread.visit(organization, 10, async (ask) => {
        order.push((await ask('read', { text: definition(name, [{ name: 'Main', steps: [] }]) })).name ?? '');
      });
    const visits = ['a1', 'a2', 'a3', 'a4'].map((name) => visit('a', name));
    const refused = errorOf(visit('a', 'a5'));
    visits.push(visit('b', 'b1'), visit('c', 'c1'));
    const full = errorOf(visit('d', 'd1'));
    expect(await refused).toMatchObject({ code: 'limit_exceeded', retryAfterSeconds: 10 });
    expect(await full).toMatchObject({ code: 'dependency_unavailable', retryAfterSeconds: 10 });
    await Promise.all(visits);
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
  });

  test('tells what a text cannot be used for as its reader says it', async () => {
    const thread = new DefinitionThread({ idleMs: 100 });
    const text = '- a list';
    await expect(
      thread.visit('a', 1, (ask) => ask('export', { text, latestComponents: false })),
    ).rejects.toMatchObject({ code: 'invalid_definition', name: 'AppError' });
  });
});
