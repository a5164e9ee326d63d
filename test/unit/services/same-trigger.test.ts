import type { Plan, PlanFlow } from '../../../src/engine/plan';
import { hasSameTrigger } from '../../../src/services/instances/lifecycle/same-trigger';

interface Trigger {
  key?: string;
  action?: string;
  isPublic?: boolean;
  version?: number;
}

function planOf(trigger: Trigger, isCodeNative = false): Pick<Plan, 'flows' | 'isCodeNative'> {
  const { key = 'shop', action = 'hook', isPublic = false, version = 1 } = trigger;
  const component = { key, isPublic, version, signature: String(version) };
  const flow = { stableKey: 'orders', trigger: { component, action } } as PlanFlow;
  return { flows: [flow], ...(isCodeNative && { isCodeNative }) };
}
const isSame = (one: ReturnType<typeof planOf>, other: ReturnType<typeof planOf>) =>
  hasSameTrigger(one, other, 'orders');

describe('the trigger of a flow in two versions', () => {
  test('is the same in a newer version of its component', () => {
    expect(isSame(planOf({ version: 1 }), planOf({ version: 2 }))).toBe(true);
  });

  test.each<[string, Trigger]>([
    ['another action', { action: 'other' }],
    ['another component', { key: 'store' }],
    ['a built-in component of the same key', { isPublic: true }],
  ])('is another one with %s', (_, trigger) => {
    expect(isSame(planOf({}), planOf(trigger))).toBe(false);
  });

  test('is the same in code of an integration’s own, whose component has another key after each import', () => {
    expect(isSame(planOf({ key: 'a-1' }, true), planOf({ key: 'a-2' }, true))).toBe(true);
    expect(isSame(planOf({ key: 'a-1' }, true), planOf({ key: 'a-2', action: 'other' }, true))).toBe(false);
    const builtIn = planOf({ key: 'webhook-triggers', isPublic: true }, true);
    expect(isSame(builtIn, planOf({ key: 'http', isPublic: true }, true))).toBe(false);
    expect(isSame(planOf({}), planOf({}, true))).toBe(false);
  });

  test('is none where a version has no such flow', () => {
    expect(hasSameTrigger(planOf({}), { flows: [] }, 'orders')).toBe(false);
    expect(hasSameTrigger(planOf({}), planOf({}), 'bills')).toBe(false);
  });
});
