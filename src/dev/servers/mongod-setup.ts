import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import { DevError } from '../dev-error';

/** One mongod of ours: where it is and who may come in. */
export interface MongodAddress {
  port: number;
  user: string;
  password: string;
  replicaSet: string;
}

type Client = InstanceType<typeof mongoose.mongo.MongoClient>;

const AUTHENTICATION_FAILED = 18;
const UNAUTHORIZED = 13;
const ALREADY_INITIALIZED = 23;
const PRIMARY_TIMEOUT_MS = 30_000;

/** Whether it answers as the writable primary. Needs no password. */
export async function isPrimary(address: MongodAddress): Promise<boolean> {
  return await withClient(plainUri(address), async (client) => {
    const hello = await client.db('admin').command({ hello: 1 });
    return hello['isWritablePrimary'] === true;
  });
}

/** Whether it answers at all, primary or not. */
export async function answers(address: MongodAddress): Promise<boolean> {
  return await withClient(plainUri(address), async (client) => {
    await client.db('admin').command({ ping: 1 });
    return true;
  });
}

/**
 * Brings a mongod that answers into its working state: on the first start makes the replica set and the user,
 * through the exception that mongod makes for local callers while it has no user; later sees that the set
 * knows the present port. May be called again after it was interrupted anywhere.
 */
export async function setUpMongod(address: MongodAddress): Promise<void> {
  if (!(await repairMember(address))) {
    await createReplicaSetAndUser(address);
  }
  for (const deadline = Date.now() + PRIMARY_TIMEOUT_MS; Date.now() < deadline; await delay(50)) {
    if (await isPrimary(address)) return;
  }
  throw new DevError('MongoDB did not become primary of its replica set within 30 s.');
}

/** Connection string for one database; the driver follows the replica set. */
export function mongodbUri(address: MongodAddress, database: string): string {
  const { user, password, port, replicaSet } = address;
  return `mongodb://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}?authSource=admin&replicaSet=${replicaSet}`;
}

async function createReplicaSetAndUser(address: MongodAddress): Promise<void> {
  await withClient(plainUri(address), async (client) => {
    const admin = client.db('admin');
    await admin
      .command({ replSetInitiate: { _id: address.replicaSet, members: [memberOf(address)] } })
      .catch((error: unknown) => {
        // Initiated before, and then interrupted before there was a user.
        if (![ALREADY_INITIALIZED, UNAUTHORIZED].includes(codeOf(error))) throw error;
      });
    for (const deadline = Date.now() + PRIMARY_TIMEOUT_MS; Date.now() < deadline; await delay(50)) {
      const hello = await admin.command({ hello: 1 });
      if (hello['isWritablePrimary'] === true) break;
    }
    await admin
      .command({ createUser: address.user, pwd: address.password, roles: ['root'] })
      .catch((error: unknown) => {
        if (codeOf(error) !== UNAUTHORIZED) throw error;
        throw new DevError(
          'MongoDB does not accept the password in secrets.json; both belong to one data folder.',
        );
      });
  });
}

/** Answers false when the user does not exist yet. */
async function repairMember(address: MongodAddress): Promise<boolean> {
  const uri = `${mongodbUri(address, 'admin').replace(/&replicaSet=.*$/, '')}&directConnection=true`;
  try {
    return await withClient(uri, async (client) => {
      const admin = client.db('admin');
      const { config } = (await admin.command({ replSetGetConfig: 1 })) as {
        config: { version: number; members: { host: string }[] };
      };
      const [member] = config.members;
      const { host } = memberOf(address);
      if (member === undefined || member.host === host) return true;
      const moved = { ...config, version: config.version + 1, members: [{ ...member, host }] };
      // By force, since the set has no primary while its only member does not find itself.
      await admin.command({ replSetReconfig: moved, force: true });
      return true;
    });
  } catch (error) {
    if (codeOf(error) === AUTHENTICATION_FAILED) return false;
    throw error;
  }
}

function memberOf(address: MongodAddress) {
  return { _id: 0, host: `127.0.0.1:${address.port}` };
}

function plainUri(address: MongodAddress): string {
  return `mongodb://127.0.0.1:${address.port}/admin?directConnection=true`;
}

async function withClient<T>(uri: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: 3_000,
    connectTimeoutMS: 3_000,
    maxPoolSize: 1,
  });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

function codeOf(error: unknown): number {
  return Number((error as { code?: unknown }).code ?? Number.NaN);
}
