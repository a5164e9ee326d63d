import { createProgress, withTask } from '../../../src/dev/progress';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { write: (text: string) => written.push(text), isTTY, columns: 40 } };
}

describe('progress', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('a file gets a line every five seconds and one at the end, without control characters', () => {
    const { written, stream } = recorder(false);
    const task = createProgress(stream).task('Compiling');
    task.update('12 packages');
    jest.advanceTimersByTime(11_000);
    task.done('80 packages');
    expect(written).toEqual([
      '  Compiling … 12 packages, 5 s\n',
      '  Compiling … 12 packages, 10 s\n',
      '  Compiling: 80 packages, 11 s\n',
    ]);
  });

  test('a terminal gets one line that is drawn again and never longer than the screen', () => {
    const { written, stream } = recorder(true);
    const task = createProgress(stream).task('Downloading something with a very long name');
    jest.advanceTimersByTime(1_000);
    task.done();
    for (const text of written.slice(0, -1)) {
      expect(text.startsWith('\r\x1b[2K')).toBe(true);
      expect(text.length).toBeLessThanOrEqual('\r\x1b[2K'.length + 39);
      expect(text).not.toContain('\n');
    }
    expect(written.at(-1)).toBe('\r\x1b[2K  Downloading something with a very long name: done\n');
  });

  test('work that was interrupted is not called done', async () => {
    const { written, stream } = recorder(false);
    const progress = createProgress(stream);
    expect(await withTask(progress, 'Seeding', async () => 'seeded')).toBe('seeded');
    const failing = withTask(progress, 'Starting', () => Promise.reject(new Error('interrupted')));
    await expect(failing).rejects.toThrow('interrupted');
    expect(written).toEqual(['  Seeding: done\n', '  Starting: not finished\n']);
  });

  test('a note does not tear the line of a running task, and the innermost task is shown', () => {
    const { written, stream } = recorder(true);
    const progress = createProgress(stream);
    progress.task('Outer');
    const inner = progress.task('Inner');
    progress.note('Something happened.');
    expect(written.slice(-2)).toEqual(['\r\x1b[2K  Something happened.\n', '\r\x1b[2K  Inner …']);
    inner.done();
    expect(written.at(-1)).toBe('\r\x1b[2K  Outer …');
  });
});
