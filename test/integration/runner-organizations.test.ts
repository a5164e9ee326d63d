import { bootstrapOrganization } from '../../src/services/organizations/bootstrap-organization';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { contextOf } from '../support/services';
import { type System, startSystem } from '../support/system';

/** When the process began that ran it, which tells processes apart. */
const STEP = 'module.exports = async () => ({ data: String(performance.timeOrigin) });';

describe('runner processes', () => {
  let system: System;
  afterEach(() => system?.stop());

  /** A caller of a flow of a new customer of the organization. */
  const aCaller = async (ctx: System['ctx']) => {
    const flow = { name: 'Main', isSynchronous: true, steps: [code('Tell', STEP)] };
    const text = definition(`Runs ${Math.random()}`, [flow]);
    const { webhooks } = await aDeployedInstance(system.deps, ctx, { definition: text });
    return async () => {
      const response = await fetch(webhooks['Main']!, { method: 'POST', body: '{}' });
      expect(response.status).toBe(200);
      return response.text();
    };
  };
  const anotherOrganization = async () => {
    const { owner } = await bootstrapOrganization(system.deps, {
      organizationName: 'Other',
      ownerEmail: 'owner@other.test',
      ownerName: 'Otto Owner',
    });
    return contextOf(owner);
  };

  test('are shared by the customers of an organization, and by no other organization', async () => {
    system = await startSystem({ env: { TENON_RUNNERS: '1' } });
    const others = await anotherOrganization();
    const [one, two, other] = await Promise.all([system.ctx, system.ctx, others].map(aCaller));
    const process = await one!();
    expect(await two!()).toBe(process);
    const of = await other!();
    expect(of).not.toBe(process);
    // Also while one has nothing to do.
    expect([await one!(), await other!(), await two!()]).toEqual([process, of, process]);
  });

  test('are each customer’s own where the operator says so, of all organizations', async () => {
    system = await startSystem({ env: { TENON_RUNNERS: '3', TENON_RUNNER_ISOLATION: 'customer' } });
    const others = await anotherOrganization();
    const callers = await Promise.all([system.ctx, system.ctx, others].map(aCaller));
    const processes = await Promise.all(callers.map((call) => call()));
    expect(new Set(processes).size).toBe(3);
    expect(await Promise.all(callers.map((call) => call()))).toEqual(processes);
  });
});
