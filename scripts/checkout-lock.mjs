import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs `work` while no other process installs or builds in the same checkout. */
export async function withCheckoutLock(checkout, work) {
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `tenon-${userInfo().username}-${name}.lock`);
  mkdirSync(tmpdir(), { recursive: true });
  for (let isFirst = true; !take(file); isFirst = false) {
    if (isFirst) process.stderr.write('  Another start is installing or building here; waiting.\n');
    await delay(500);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
    rmSync(file, { force: true });
  } catch (error) {
    // Released just now.
    if (error.code !== 'ENOENT') throw error;
  }
  return take(file);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
