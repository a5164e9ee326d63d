import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { type DataFolder, dataFolder } from '../../src/dev/data-folder/data-folder';
import { processIdentity } from '../../src/dev/processes/process-identity';
import { openProcessRegister } from '../../src/dev/processes/process-register';
import { type Servers, startServers } from '../../src/dev/servers/servers';
import { until } from '../support/until';

const { MongoClient } = mongoose.mongo;

/** The run's own servers must not stand in for those that are started here. */
const env = { ...process.env, TENON_MONGODB_URI: '', TENON_TEMPORAL_ADDRESS: '' };

describe('the servers of a data folder', () => {
  let folder: DataFolder;
  let servers: Servers | undefined;
  const notes: string[] = [];

  beforeAll(() => {
    const root = mkdtempSync(join(tmpdir(), 'tenon-servers-'));
    folder = dataFolder(root);
    for (const path of [folder.logs, folder.mongodb]) mkdirSync(path, { recursive: true });
  });
  afterAll(async () => {
    await servers?.stop();
    rmSync(folder.root, { recursive: true, force: true });
  });

  const start = async () => {
    servers = await startServers({
      env,
      folder,
      apiUrl: 'http://127.0.0.1:3999',
      signal: new AbortController().signal,
      progress: { note: (text) => notes.push(text), task: () => ({ update() {}, done() {} }) },
      supervision: {
        register: openProcessRegister(folder.processes),
        note: (text) => notes.push(text),
        onGivingUp: (error) => notes.push(error.message),
      },
    });
    return servers;
  };
  const pidOf = (name: string) =>
    (JSON.parse(readFileSync(folder.processes, 'utf8')) as { name: string; pid: number }[]).find(
      (entry) => entry.name === name,
    )?.pid;
  const inMongodb = async <T>(uri: string, use: (client: InstanceType<typeof MongoClient>) => Promise<T>) => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  };
  const countOrders = (uri: string) =>
    inMongodb(uri, (client) => client.db().collection('orders').countDocuments());

  test('come up with authentication, transactions, retention and search attributes', async () => {
    const { mongodbUri, temporalAddress, temporalUiUrl } = await start();
    await inMongodb(mongodbUri('shop'), async (client) => {
      await client.db().collection('orders').insertOne({ n: 1 });
      await client.withSession((session) =>
        session.withTransaction(() => client.db().collection('orders').insertOne({ n: 2 }, { session })),
      );
    });
    const { host } = new URL(mongodbUri('shop'));
    await expect(countOrders(`mongodb://${host}/shop?directConnection=true`)).rejects.toThrow(/auth/i);

    const connection = await Connection.connect({ address: temporalAddress });
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 24 * 3600);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining(['TenonCustomerIds', 'TenonFlowIds']),
    );
    await connection.close();
    await until('the Web UI', async () => (await fetch(temporalUiUrl!)).ok);
  });

  test('tell the Web UI where payloads are decrypted', async () => {
    const answer = await fetch(`${servers!.temporalUiUrl}/api/v1/settings`);
    const settings = (await answer.json()) as { Codec: { Endpoint: string } };
    expect(settings.Codec.Endpoint).toBe('http://127.0.0.1:3999/codec');
  });

  test('come back with their data after kill -9', async () => {
    const before = [pidOf('MongoDB')!, pidOf('Temporal')!];
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until('both', async () => notes.filter((note) => note.endsWith('is back.')).length === 2);
    expect(notes).toEqual(
      expect.arrayContaining([
        'MongoDB ended (SIGKILL); starting it again.',
        'Temporal ended (SIGKILL); starting it again.',
      ]),
    );
    expect(await countOrders(servers!.mongodbUri('shop'))).toBe(2);
  });

  test('have the same addresses and data after a stop, and a stop leaves no process', async () => {
    const { mongodbUri, temporalAddress, temporalUiUrl } = servers!;
    const pids = [pidOf('MongoDB')!, pidOf('Temporal')!];
    await servers!.stop();
    expect(pids.map(processIdentity)).toEqual([undefined, undefined]);
    const again = await start();
    expect([again.mongodbUri('shop'), again.temporalAddress, again.temporalUiUrl]).toEqual([
      mongodbUri('shop'),
      temporalAddress,
      temporalUiUrl,
    ]);
    expect(await countOrders(again.mongodbUri('shop'))).toBe(2);
  });

  test('keep their data when the port has to change', async () => {
    await servers!.stop();
    const ports = JSON.parse(readFileSync(folder.ports, 'utf8')) as Record<string, number>;
    writeFileSync(folder.ports, JSON.stringify({ ...ports, mongodb: undefined }));
    const moved = await start();
    expect(new URL(moved.mongodbUri('shop')).port).not.toBe(String(ports['mongodb']));
    expect(await countOrders(moved.mongodbUri('shop'))).toBe(2);
  });

  const startWith = (given: NodeJS.ProcessEnv) => {
    const other = dataFolder(join(folder.root, 'other'));
    return startServers({
      env: given,
      folder: other,
      signal: new AbortController().signal,
      progress: { note() {}, task: () => ({ update() {}, done() {} }) },
      supervision: { register: openProcessRegister(other.processes), note() {}, onGivingUp() {} },
    });
  };

  test('are not started when the environment names others', async () => {
    const { mongodbUri, temporalAddress } = servers!;
    const others = await startWith({
      TENON_MONGODB_URI: mongodbUri('a'),
      TENON_TEMPORAL_ADDRESS: temporalAddress,
    });
    expect(others.mongodbUri('b')).toBe(mongodbUri('b'));
    expect([others.temporalAddress, others.temporalUiUrl]).toEqual([temporalAddress, undefined]);
    await others.stop();
    // What was not started is not stopped either.
    expect(await countOrders(mongodbUri('shop'))).toBe(2);
  });

  test('that the environment names and that do not answer are told within seconds, by address and variable', async () => {
    const unreachable = startWith({
      TENON_MONGODB_URI: 'mongodb://ada:secret@127.0.0.1:1/tenon',
      TENON_TEMPORAL_ADDRESS: '127.0.0.1:2',
    });
    const message = await unreachable.catch((error: Error) => error.message);
    expect(message).toMatch(
      /MongoDB at mongodb:\/\/127\.0\.0\.1:1\/tenon \(TENON_MONGODB_URI\) cannot be used: .+/,
    );
    expect(message).toMatch(/Temporal at 127\.0\.0\.1:2 \(TENON_TEMPORAL_ADDRESS\) cannot be reached: .+/);
    expect(message).not.toContain('secret');
  }, 15_000);

  test('that the environment names by something else than an address are refused at once', async () => {
    await expect(startWith({ TENON_MONGODB_URI: 'garbage' })).rejects.toThrow(
      /^TENON_MONGODB_URI is not a connection string \(mongodb:\/\/host:port\/database\): [^\n]+\.$/,
    );
    await expect(startWith({ TENON_TEMPORAL_ADDRESS: 'garbage' })).rejects.toThrow(
      'TENON_TEMPORAL_ADDRESS wants host:port, not "garbage".',
    );
  });
});

test('a child does not outlive a parent that was killed', async () => {
  const watch = join(__dirname, '..', '..', 'dist', 'dev', 'processes', 'parent-watch.js');
  const script = `
    const { watchParent } = require(${JSON.stringify(watch)});
    const child = require('node:child_process').spawn('sh', ['-c', 'sleep 60 & wait'], { detached: true, stdio: 'ignore' });
    watchParent(child.pid);
    process.stdout.write(String(child.pid) + '\\n');
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (data) => resolve(Number(data))),
  );
  expect(processIdentity(pid)).toBeDefined();
  parent.kill('SIGKILL');
  await until('the end of the child', async () => processIdentity(pid) === undefined);
});
