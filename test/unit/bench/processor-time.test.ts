import { existsSync } from 'node:fs';
import { readProcessorTimes, readResidentMb } from '../../bench/measure/processor-time';

const onLinux = existsSync('/proc/self/stat') ? test : test.skip;
const own = [{ name: 'own', pid: () => process.pid }];

/** Milliseconds of processor time by Node's own count. */
const usedMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Keeps the processor busy until Node has counted so much of it. */
function workFor(ms: number): void {
  const endMs = usedMs() + ms;
  while (usedMs() < endMs) for (let at = 0; at < 1e5; at += 1) Math.sqrt(at);
}

describe('what a process takes', () => {
  onLinux('is told in milliseconds of processor time', () => {
    const [before, usedBefore] = [readProcessorTimes(own)['own']!, usedMs()];
    workFor(300);
    const [after, usedAfter] = [readProcessorTimes(own)['own']!, usedMs()];
    // The system counts in steps of 10 ms.
    expect(Math.abs(after - before - (usedAfter - usedBefore))).toBeLessThanOrEqual(50);
  });

  onLinux('is told in MiB of resident memory', () => {
    const mb = process.memoryUsage.rss() / 2 ** 20;
    const told = readResidentMb(own)['own']!;
    expect(told / mb).toBeGreaterThan(0.8);
    expect(told / mb).toBeLessThan(1.25);
  });

  test('is nothing where there is no such process', () => {
    expect(readProcessorTimes([{ name: 'gone', pid: () => undefined }])).toEqual({});
  });
});
