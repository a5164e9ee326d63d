import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataFolder, dataFolder } from '../../src/dev/data-folder/data-folder';
import { createLogWriter, type LogWriter } from '../../src/services/logs/log-writer';
import type { LogLine } from '../../src/store/models/log.model';
import { openStore, type Store } from '../../src/store/store';
import { type ServerParts, serverParts } from '../support/chaos/server-parts';
import { until } from '../support/until';

const line = (executionId: string, ordinal: number): LogLine => ({
  _id: `${executionId}/${String(ordinal).padStart(12, '0')}`,
  organizationId: 'organization',
  customerId: null,
  instanceId: 'instance',
  executionId,
  flowName: 'Main',
  ordinal,
  timestamp: new Date(),
  severity: 'INFO',
  message: `line ${ordinal}`,
  stepName: null,
});

describe('log lines, when MongoDB is killed', () => {
  let folder: DataFolder;
  let servers: ServerParts;
  let store: Store;
  let logs: LogWriter;

  beforeAll(async () => {
    folder = dataFolder(mkdtempSync(join(tmpdir(), `tenon-test-${process.pid}-lines-`)));
    for (const path of [folder.logs, folder.mongodb]) mkdirSync(path, { recursive: true });
    servers = await serverParts(folder);
    await servers.mongod.start();
    store = await openStore(servers.mongodbUri('lines'));
    await store.ensureIndexes();
  });
  beforeEach(() => {
    logs = createLogWriter(store);
  });
  afterEach(() => logs.close());
  afterAll(async () => {
    await store?.close();
    await servers?.mongod.kill();
    rmSync(folder.root, { recursive: true, force: true });
  });

  const count = (executionId: string) => store.logs.countDocuments({ executionId }).catch(() => Number.NaN);
  const restart = async () => {
    await servers.mongod.kill();
    await servers.mongod.start();
  };
  const appendTo = (executionId: string, ...ordinals: number[]) => {
    for (const ordinal of ordinals) logs.append(line(executionId, ordinal));
  };

  test('right after they were flushed, are there again when it is', async () => {
    for (let round = 0; round < 3; round += 1) {
      const executionId = randomUUID();
      appendTo(executionId, 1, 2, 3);
      await logs.flush();
      // More come while it is away, and wait.
      const killed = restart();
      appendTo(executionId, 4);
      await killed;
      await until('all lines', async () => (await count(executionId)) === 4);
    }
  });

  test('after a write of their execution that is safe, are there without their writer', async () => {
    const executionId = randomUUID();
    appendTo(executionId, 1, 2, 3);
    await logs.flush();
    await store.executions.collection.insertOne({ _id: executionId as never, phase: 'ended' });
    await logs.close();
    await restart();
    await until('MongoDB', () => store.ping(1000));
    expect(await count(executionId)).toBe(3);
  });

  test('that a flush made safe itself, are there without their writer', async () => {
    const executionId = randomUUID();
    appendTo(executionId, 1, 2);
    await logs.flush();
    appendTo(executionId, 3);
    await logs.flush({ isSafe: true });
    await logs.close();
    await restart();
    await until('MongoDB', () => store.ping(1000));
    expect(await count(executionId)).toBe(3);
  });
});
