import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../src/dev/processes/run-command';
import { type BinaryKind, type BinarySource, cacheFolder, findBinary } from '../../../src/dev/servers/binary';

/** A program that prints its version, or fails. */
function writeProgram(path: string, version: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, version === 'broken' ? '#!/bin/sh\nexit 1\n' : `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
}

const bringing = (version: string): BinarySource => ({
  name: `source ${version}`,
  cacheKey: `server-${version}`,
  async fetch(target) {
    if (version === 'none') throw new Error('there is none for this system');
    writeProgram(target, version);
  },
});

describe('a server program is looked for', () => {
  let folder: string;
  let notes: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-binary-'));
    notes = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const path = (...parts: string[]) => join(folder, ...parts);

  function find(sources: BinarySource[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const kind: BinaryKind = {
      label: 'Server',
      command: 'server',
      variable: 'SERVER_BIN',
      async check(program) {
        const { stdout } = await runCommand(program, [], { env: { PATH: process.env['PATH'] } });
        if (Number(stdout) < 6) throw new Error(`it is ${stdout.trim()}, 6 or newer is wanted`);
        return stdout.trim();
      },
      sources,
    };
    return findBinary(kind, {
      env: { TENON_CACHE_DIR: path('cache'), PATH: [path('a'), path('b')].join(':'), ...env },
      progress: { note: (text) => notes.push(text), task: () => ({ update() {}, done() {} }) },
      signal: new AbortController().signal,
    });
  }

  test('first where the environment says', async () => {
    writeProgram(path('own', 'server'), '7');
    writeProgram(path('a', 'server'), '8');
    expect(await find([bringing('9')], { SERVER_BIN: path('own', 'server') })).toBe(path('own', 'server'));
  });

  test('and one that the environment names but that cannot be used is an error, not passed over', async () => {
    writeProgram(path('own', 'server'), '5');
    writeProgram(path('a', 'server'), '8');
    await expect(find([bringing('9')], { SERVER_BIN: path('own', 'server') })).rejects.toThrow(
      `SERVER_BIN names ${path('own', 'server')}, which cannot be used: it is 5, 6 or newer is wanted.`,
    );
  });

  test('then on the PATH, where one that is too old or broken is passed over with a reason', async () => {
    writeProgram(path('a', 'server'), '4');
    writeProgram(path('b', 'server'), '8');
    writeProgram(path('cache', 'server-9', 'server'), '9');
    expect(await find([bringing('9')])).toBe(path('b', 'server'));
    expect(notes).toEqual([`Server from ${path('a', 'server')}: it is 4, 6 or newer is wanted`]);
  });

  test('then in the cache, where a broken one is fetched again', async () => {
    writeProgram(path('cache', 'server-9', 'server'), '9');
    expect(await find([bringing('none'), bringing('9')])).toBe(path('cache', 'server-9', 'server'));
    expect(notes).toEqual([]);
  });

  test('then at each source, and every one that fails says why', async () => {
    const found = await find([bringing('none'), bringing('3'), bringing('7')]);
    expect(found).toBe(path('cache', 'server-7', 'server'));
    expect(notes).toEqual([
      'Server from source none: there is none for this system',
      'Server from source 3: it is 3, 6 or newer is wanted',
      `Server 7 from source 7, kept in ${path('cache', 'server-7')}.`,
    ]);
    expect(readdirSync(path('cache'))).toEqual(['server-7']);
  });

  test('and when all fail the sentence says what to do', async () => {
    await expect(find([bringing('none')])).rejects.toThrow(
      'Server could not be found or fetched (each try is listed above); install it, or name the program in SERVER_BIN.',
    );
  });

  test('by two starts at once, of which one fetches and the other waits for it', async () => {
    let fetches = 0;
    const slow: BinarySource = {
      ...bringing('7'),
      async fetch(target) {
        fetches += 1;
        await new Promise((resolve) => setTimeout(resolve, 300));
        writeProgram(target, '7');
      },
    };
    const [one, other] = await Promise.all([find([slow]), find([slow])]);
    expect(one).toBe(other);
    expect(fetches).toBe(1);
  });

  test('and what a start that was killed has left in the cache is removed', async () => {
    mkdirSync(path('cache', 'tmp-999999999-abc'), { recursive: true });
    await find([bringing('7')]);
    expect(existsSync(path('cache', 'tmp-999999999-abc'))).toBe(false);
  });
});

test('the cache is where the environment says, else in the home folder', () => {
  expect(cacheFolder({ TENON_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/c');
  expect(cacheFolder({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/tenon');
  expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/tenon');
});
