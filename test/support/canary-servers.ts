import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { dataFolder } from '../../src/dev/data-folder/data-folder';
import { openProcessRegister } from '../../src/dev/processes/process-register';
import { findBinary } from '../../src/dev/servers/binary';
import { startServers } from '../../src/dev/servers/servers';
import { TEMPORAL } from '../../src/dev/servers/temporal-binary';

/** A mongod and a Temporal of a test's own, which log all that they are asked, and let everything be read. */
export interface CanaryServers {
  mongodbUri: (database: string) => string;
  temporalAddress: string;
  /** The share of slow commands that mongod would log if it were started as ever: it logs them with their data. */
  loggedShare: number;
  /** What Temporal has on its disk. */
  temporalFiles(): Buffer;
  /** By name. */
  logs(): [name: string, bytes: Buffer][];
  /** Every write that MongoDB ever took, also of what is deleted since. */
  oplog(): Promise<Buffer>;
  stop(): Promise<void>;
}

export async function startCanaryServers(): Promise<CanaryServers> {
  // So named, the next run removes what a killed one leaves.
  const folder = dataFolder(mkdtempSync(join(tmpdir(), `tenon-test-${process.pid}-canary-`)));
  for (const path of [folder.logs, folder.mongodb]) mkdirSync(path, { recursive: true });
  const progress = { note: () => {}, task: () => ({ update() {}, done() {} }) };
  const signal = new AbortController().signal;
  const env = { ...process.env, TENON_MONGODB_URI: '', TENON_TEMPORAL_ADDRESS: '' };
  const temporal = join(folder.root, 'temporal.sh');
  // The last one of two levels counts.
  const found = await findBinary(TEMPORAL, { env, progress, signal });
  writeFileSync(temporal, `#!/bin/sh\nexec '${found}' "$@" --log-level debug\n`);
  chmodSync(temporal, 0o700);
  const servers = await startServers({
    env: { ...env, TENON_TEMPORAL_BIN: temporal },
    folder,
    progress,
    signal,
    supervision: { register: openProcessRegister(folder.processes), note() {}, onGivingUp() {} },
  });
  const client = new mongoose.mongo.MongoClient(servers.mongodbUri('admin'));
  const { sampleRate } = await client.db('admin').command({ profile: -1 });
  // Every command counts as slow, and slow ones are logged with what they ask.
  await client.db('admin').command({ profile: 0, slowms: -1, sampleRate: 1 });
  return {
    mongodbUri: servers.mongodbUri,
    temporalAddress: servers.temporalAddress,
    loggedShare: Number(sampleRate),
    temporalFiles: () =>
      Buffer.concat(
        readdirSync(folder.root)
          .filter((name) => name.startsWith('temporal.db'))
          .map((name) => readFileSync(join(folder.root, name))),
      ),
    logs: () => readdirSync(folder.logs).map((name) => [name, readFileSync(join(folder.logs, name))]),
    async oplog() {
      const entries = await client.db('local').collection('oplog.rs').find({}, { raw: true }).toArray();
      return Buffer.concat(entries as unknown as Buffer[]);
    },
    async stop() {
      await client.close();
      await servers.stop();
      rmSync(folder.root, { recursive: true, force: true });
    },
  };
}
