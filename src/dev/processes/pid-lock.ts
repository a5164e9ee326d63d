import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from './process-identity';

export interface PidLock {
  release(): void;
}

/** Who holds a lock that could not be had. */
export interface LockHolder {
  heldBy: number;
}

/**
 * Takes a lock file for this process, or says who holds it. A lock whose holder is dead, even by `kill -9`,
 * is taken over.
 */
export async function tryLock(path: string): Promise<PidLock | LockHolder> {
  mkdirSync(dirname(path), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  for (;;) {
    try {
      writeFileSync(path, own, { flag: 'wx' });
      return { release: () => readOrEmpty(path) === own && rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = await readFilled(path);
    const holder = livingHolder(found);
    if (holder !== undefined) return { heldBy: holder };
    discard(path, found);
  }
}

/** Waits for a lock; `onWait` is told once who holds it. */
export async function waitForLock(path: string, onWait: (pid: number) => void): Promise<PidLock> {
  for (let isFirst = true; ; isFirst = false) {
    const lock = await tryLock(path);
    if ('release' in lock) return lock;
    if (isFirst) onWait(lock.heldBy);
    await delay(500);
  }
}

/** The file may just have been created and not yet be written. */
async function readFilled(path: string): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    const text = readOrEmpty(path);
    if (text !== '') return text;
    await delay(50);
  }
  return '';
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function livingHolder(content: string): number | undefined {
  try {
    const { pid, identity } = JSON.parse(content) as { pid: number; identity?: string };
    return identity !== undefined && processIdentity(pid) === identity ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Moves the stale file away first, so that of two takers only one removes it. */
function discard(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    const moved = readOrEmpty(aside);
    if (moved !== stale) writeFileSync(path, moved, { flag: 'wx' });
  } catch {
    // Somebody else was faster; the next round sees what is there now.
  } finally {
    rmSync(aside, { force: true });
  }
}
