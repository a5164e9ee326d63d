import { bundlePool } from '../../../src/components/runner/bundle-pool';
import { memoryOfPool, memoryPool } from '../../../src/components/runner/memory-pool';
import { takenOf } from '../../../src/services/instance-profiles/profile-of-instance';

const PROFILE = { allocatedMemoryMb: null, logsDisabled: false, stepResultsDisabled: false };

test('a deploy takes nothing where neither the profile nor the instance asks for anything', () => {
  expect(takenOf(null, {})).toBeUndefined();
  expect(takenOf(PROFILE, { logsDisabled: false, stepResultsDisabled: false })).toBeUndefined();
});

test('what either of them has off is off, and memory is the profile’s', () => {
  expect(takenOf({ ...PROFILE, logsDisabled: true }, { logsDisabled: false })).toEqual({
    logsDisabled: true,
  });
  expect(takenOf({ ...PROFILE, allocatedMemoryMb: 700 }, { stepResultsDisabled: true })).toEqual({
    allocatedMemoryMb: 700,
    stepResultsDisabled: true,
  });
  expect(takenOf(null, { logsDisabled: true })).toEqual({ logsDisabled: true });
});

test('a pool of processes tells its heap limit, also where it runs one bundle of another pool', () => {
  expect(memoryOfPool('')).toBeUndefined();
  expect(memoryOfPool('a-customer')).toBeUndefined();
  expect(memoryOfPool(memoryPool('', 2048))).toBe(2048);
  expect(memoryOfPool(bundlePool(memoryPool('a-customer', 700), '/bundles/9'))).toBe(700);
  expect(memoryOfPool(bundlePool('a-customer', '/bundles/9'))).toBeUndefined();
});
