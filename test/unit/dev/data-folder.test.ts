import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, takeDataFolder } from '../../../src/dev/data-folder/data-folder';
import { choosePorts, isPortFree } from '../../../src/dev/data-folder/ports';
import { keepKeyFile, keepSecrets } from '../../../src/dev/data-folder/secrets';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenon-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the ports of a data folder', () => {
  let taker: Server | undefined;
  afterEach(() => new Promise((resolve) => (taker ? taker.close(resolve) : resolve(undefined))));

  const request = (wanted?: number) => [
    { name: 'mongodb', label: 'MongoDB', variable: 'TENON_MONGODB_PORT', wanted },
    { name: 'temporal', label: 'Temporal', variable: 'TENON_TEMPORAL_PORT' },
  ];
  const choose = (wanted?: number) => choosePorts(join(folder, 'ports.json'), request(wanted));
  const take = (port: number) =>
    new Promise<void>((resolve) => {
      taker = createServer().listen(port, '127.0.0.1', resolve);
    });

  test('are free, different, and the same after a restart', async () => {
    const first = await choose();
    expect(new Set(first.values()).size).toBe(2);
    for (const port of first.values()) expect(await isPortFree(port)).toBe(true);
    expect(await choose()).toEqual(first);
  });

  test('are replaced one by one when somebody else has taken them', async () => {
    const first = await choose();
    await take(first.get('mongodb')!);
    const second = await choose();
    expect(second.get('mongodb')).not.toBe(first.get('mongodb'));
    expect(second.get('temporal')).toBe(first.get('temporal'));
  });

  test('that were asked for and are taken are refused by name', async () => {
    const port = (await choose()).get('temporal')!;
    await take(port);
    await expect(choose(port)).rejects.toThrow(
      `Port ${port} for MongoDB is taken; end what uses it or set TENON_MONGODB_PORT to another.`,
    );
  });
});

describe('the secrets of a data folder', () => {
  test('are made once and readable by their owner alone', () => {
    const file = join(folder, 'secrets.json');
    const secrets = keepSecrets(file);
    expect(secrets.encryptionKeys).toMatch(/^k1:[A-Za-z0-9+/]{43}=$/);
    expect(secrets.jwtSecret.length).toBeGreaterThanOrEqual(32);
    expect(keepSecrets(file)).toEqual(secrets);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('are never replaced when their file is damaged, since the data would be lost', () => {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, '{ "jwt');
    expect(() => keepSecrets(file)).toThrow(/is not readable as JSON; restore it/);
    expect(readFileSync(file, 'utf8')).toBe('{ "jwt');
  });

  test('include a key file that mongod accepts', () => {
    const file = join(folder, 'key');
    keepKeyFile(file);
    const key = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o400);
    keepKeyFile(file);
    expect(readFileSync(file, 'utf8')).toBe(key);
  });
});

describe('a data folder', () => {
  test('of a running copy is refused with its process and what to do', async () => {
    const lock = await takeDataFolder(dataFolder(folder), () => undefined);
    await expect(takeDataFolder(dataFolder(folder), () => undefined)).rejects.toThrow(
      `The data folder ${folder} belongs to a running copy (process ${process.pid}); stop it, or choose another folder with --data.`,
    );
    lock.release();
    (await takeDataFolder(dataFolder(folder), () => undefined)).release();
  });

  test('that was made for a start which came to nothing is removed; one with data, or of others, stays', async () => {
    const take = async (name: string) => {
      const paths = dataFolder(join(folder, name));
      return { paths, lock: await takeDataFolder(paths, () => undefined) };
    };
    const unused = await take('unused');
    await choosePorts(unused.paths.ports, []);
    unused.lock.release();
    expect(existsSync(unused.paths.root)).toBe(false);

    const used = await take('used');
    keepSecrets(used.paths.secrets);
    used.lock.release();
    expect(existsSync(used.paths.mongodb)).toBe(true);

    (await takeDataFolder(dataFolder(folder), () => undefined)).release();
    expect(existsSync(folder)).toBe(true);
  });

  test('that cannot be made is refused with the reason', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(takeDataFolder(dataFolder(join(folder, 'file', 'data')), () => undefined)).rejects.toThrow(
      /cannot be used: ENOTDIR/,
    );
  });
});
