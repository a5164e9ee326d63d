import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PidLock, tryLock, waitForLock } from '../../../src/dev/processes/pid-lock';
import { processIdentity } from '../../../src/dev/processes/process-identity';

describe('a lock that belongs to a process', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-lock-'));
    file = join(folder, 'deep', 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is refused while its holder lives, and free after its release', async () => {
    const lock = (await tryLock(file)) as PidLock;
    expect(await tryLock(file)).toEqual({ heldBy: process.pid });
    lock.release();
    expect(existsSync(file)).toBe(false);
    expect(await tryLock(file)).toHaveProperty('release');
  });

  test('is taken over from a holder that was killed', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const identity = processIdentity(child.pid!);
    await tryLock(file).then((lock) => 'release' in lock && lock.release());
    writeFileSync(file, JSON.stringify({ pid: child.pid, identity }));
    expect(await tryLock(file)).toEqual({ heldBy: child.pid });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await tryLock(file)).toHaveProperty('release');
    expect(readdirSync(join(folder, 'deep'))).toEqual(['lock']);
  });

  test('is taken over when another process has got the id of the holder', async () => {
    await tryLock(file).then((lock) => 'release' in lock && lock.release());
    writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'an older boot/1' }));
    expect(await tryLock(file)).toHaveProperty('release');
  });

  test('one who waits is told once for whom, and gets it', async () => {
    const lock = (await tryLock(file)) as PidLock;
    const told: number[] = [];
    const waiting = waitForLock(file, (pid) => told.push(pid));
    setTimeout(() => lock.release(), 700);
    expect(await waiting).toHaveProperty('release');
    expect(told).toEqual([process.pid]);
  });
});

describe('the identity of a process', () => {
  test('is stable, differs between processes, and is gone with it', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const identity = processIdentity(child.pid!);
    expect(identity).toBeDefined();
    expect(processIdentity(child.pid!)).toBe(identity);
    expect(processIdentity(process.pid)).not.toBe(identity);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(processIdentity(child.pid!)).toBeUndefined();
  });
});
