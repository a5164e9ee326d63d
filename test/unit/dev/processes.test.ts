import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ManagedProcess, type ProcessSpec } from '../../../src/dev/processes/managed-process';
import { processIdentity } from '../../../src/dev/processes/process-identity';
import { endStaleProcesses, openProcessRegister } from '../../../src/dev/processes/process-register';
import { runCommand } from '../../../src/dev/processes/run-command';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenon-processes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(20)) if (isSo()) return;
  throw new Error(`Waited in vain: ${what}`);
}

describe('a managed process', () => {
  const notes: string[] = [];
  const given: Error[] = [];
  let managed: ManagedProcess | undefined;

  function manage(script: string, overrides: Partial<ProcessSpec> = {}): ManagedProcess {
    notes.length = 0;
    given.length = 0;
    managed = new ManagedProcess(
      {
        name: 'subject',
        command: 'sh',
        args: ['-c', script],
        env: { PATH: process.env['PATH'] },
        logFile: join(folder, 'subject.log'),
        isReady: async () => true,
        readyTimeoutMs: 5_000,
        stopTimeoutMs: 500,
        ...overrides,
      },
      {
        register: openProcessRegister(join(folder, 'processes.json')),
        note: (text) => notes.push(text),
        onGivingUp: (error) => given.push(error),
      },
    );
    return managed;
  }
  afterEach(() => managed?.stop());

  test('comes back after kill -9', async () => {
    const subject = manage('exec sleep 60');
    await subject.start();
    const first = subject.pid!;
    process.kill(first, 'SIGKILL');
    await until('another process', () => subject.pid !== first && notes.length === 2);
    expect(notes).toEqual(['subject ended (SIGKILL); starting it again.', 'subject is back.']);
    expect(processIdentity(subject.pid!)).toBeDefined();
  });

  test('is given up when it keeps dying', async () => {
    const marker = join(folder, 'started');
    const subject = manage(`[ -e ${marker} ] && exit 3; touch ${marker}; exec sleep 60`, {
      isReady: async () => (await delay(100), existsSync(marker)),
    });
    await subject.start();
    process.kill(subject.pid!, 'SIGKILL');
    await until('the end of patience', () => given.length > 0);
    expect(given[0]!.message).toMatch(/^subject ended \d+ times within a minute; see .*subject\.log\.$/);
  }, 60_000);

  test('one that ends while starting says how, with the last thing it said', async () => {
    const subject = manage('echo "  at frame"; echo "no such folder"; exit 7', {
      isReady: async () => false,
    });
    await expect(subject.start()).rejects.toThrow(
      /^subject ended while starting \(exit code 7\): no such folder \(log: .*subject\.log\)\.$/,
    );
    expect(notes).toEqual([]);
  });

  test('one that is never ready says for how long and why', async () => {
    const subject = manage('exec sleep 60', {
      readyTimeoutMs: 300,
      isReady: async () => {
        throw new Error('connection refused');
      },
    });
    await expect(subject.start()).rejects.toThrow(
      /^subject was not ready after 0 s \(connection refused\); see/,
    );
  });

  test('stopping asks first, ends by force what does not listen, and takes its children with it', async () => {
    const child = join(folder, 'child');
    const subject = manage(`sleep 60 & echo $! > ${child}; trap '' TERM; while :; do sleep 0.1; done`, {
      isReady: async () => existsSync(child) && readFileSync(child, 'utf8') !== '',
    });
    await subject.start();
    const pids = [subject.pid!, Number(readFileSync(child, 'utf8'))];
    expect(pids.map(processIdentity)).not.toContain(undefined);
    const started = Date.now();
    await subject.stop();
    expect(Date.now() - started).toBeGreaterThanOrEqual(450);
    await until('both to be gone', () => pids.every((pid) => processIdentity(pid) === undefined));
    expect(notes).toEqual([]);
  });

  test('can be started again after it was stopped', async () => {
    const subject = manage('exec sleep 60');
    await subject.start();
    await subject.stop();
    await subject.start();
    process.kill(subject.pid!, 'SIGKILL');
    await until('its return', () => notes.includes('subject is back.'));
  });
});

describe('what a dead run has left', () => {
  test('is ended by the next one, and processes of others are not touched', async () => {
    const file = join(folder, 'processes.json');
    const ours = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const others = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    openProcessRegister(file).add('server', ours.pid!);
    const entries = JSON.parse(readFileSync(file, 'utf8')) as object[];
    writeFileSync(file, JSON.stringify([...entries, { name: 'other', pid: others.pid, identity: 'boot/1' }]));
    try {
      expect(await endStaleProcesses(file)).toEqual(['server']);
      expect(processIdentity(ours.pid!)).toBeUndefined();
      expect(processIdentity(others.pid!)).toBeDefined();
    } finally {
      others.kill('SIGKILL');
    }
  });

  test('nothing is done without a list', async () => {
    expect(await endStaleProcesses(join(folder, 'none.json'))).toEqual([]);
  });
});

describe('a command', () => {
  const env = { PATH: process.env['PATH'] };

  test('answers what it printed', async () => {
    const lines: string[] = [];
    const { stdout, stderr } = await runCommand('sh', ['-c', 'echo a; echo b >&2'], {
      env,
      onLine: (line) => lines.push(line),
    });
    expect([stdout, stderr, lines.sort()]).toEqual(['a\n', 'b\n', ['a', 'b']]);
  });

  test.each([
    ['no-such-program', [], {}, 'no-such-program is not there'],
    ['sh', ['-c', 'echo because >&2; exit 4'], {}, 'sh: exit code 4: because'],
    ['sleep', ['60'], { timeoutMs: 100 }, 'sleep: no end after 0 s'],
    ['sleep', ['60'], { signal: AbortSignal.timeout(100) }, 'sleep: interrupted'],
  ])('%s %j fails in one line', async (command, args, options, message) => {
    await expect(runCommand(command, args, { env, ...options })).rejects.toThrow(message);
  });

  test('an interrupted one leaves nothing that it started', async () => {
    const file = join(folder, 'pid');
    const abort = new AbortController();
    const running = runCommand('sh', ['-c', `sleep 60 & echo $! > ${file}; wait`], {
      env,
      signal: abort.signal,
    });
    await until('its child', () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
    abort.abort();
    await expect(running).rejects.toThrow('interrupted');
    const pid = Number(readFileSync(file, 'utf8'));
    await until('the child to be gone', () => processIdentity(pid) === undefined);
  });
});
