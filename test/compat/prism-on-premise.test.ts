import { createCustomer } from '../../src/services/customers/create-customer';
import { startAgent } from '../support/on-premise';
import { createPrism, type Prism } from '../support/prism';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

let system: System;
let prism: Prism;

beforeAll(async () => {
  system = await startSystem();
  prism = await createPrism(system);
}, 60_000);

afterAll(async () => {
  await prism?.close();
  await system?.stop();
});

const listed = async (...more: string[]): Promise<Record<string, string>[]> =>
  JSON.parse(await prism.ok('on-prem-resources:list', ...more, '--extended', '--output', 'json')) as Record<
    string,
    string
  >[];
const token = async (...args: string[]): Promise<string> =>
  (await prism.ok('on-prem-resources:registration-jwt', ...args)).trim();

describe('the commands of prism for on-premise resources', () => {
  it('make one whose token an agent takes, list it, give its token again, rotate it and delete it', async () => {
    const { externalId } = await createCustomer(system.deps, system.ctx, {
      name: 'Initech',
      externalId: 'initech',
    });
    expect(externalId).toBe('initech');
    const [{ id: customerId } = { id: '' }] = JSON.parse(
      await prism.ok('customers:list', '--extended', '--output', 'json'),
    ) as { id: string }[];
    await token('--orgOnly');
    const jwt = await token('--customerId', customerId);
    expect(jwt).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await listed()).toHaveLength(2);
    const [found, ...others] = await listed('--customer', customerId);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ status: 'PENDING', customer: 'Initech' });
    const id = found!['id']!;
    const agent = startAgent(system.apiUrl, jwt, 9);
    const status = async () => (await listed('--customer', customerId))[0]?.['status'];
    await until('the agent', async () => (await status()) === 'AVAILABLE');
    expect(await token('--customerId', customerId, '--resourceId', id)).toMatch(/^ey/);
    await token('--customerId', customerId, '--resourceId', id, '--rotate');
    expect(await agent.ended).toBe(1);
    await prism.ok('on-prem-resources:delete', id);
    expect(await listed('--customer', customerId)).toEqual([]);
  }, 120_000);
});
