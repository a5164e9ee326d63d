import mongoose from 'mongoose';
import type { Store } from '../../src/store/store';
import { type CanaryHistory, decrypted } from './canary-histories';
import type { CanaryServers } from './canary-servers';

/** What is looked through, with where it lies: `history …`, `files of temporal`, `collection …`, `blob …`, … */
export type Place = [name: string, bytes: Buffer];

/** Everything that the servers keep and have logged, but for single histories. */
export async function placesOfServers(servers: CanaryServers, store: Store): Promise<Place[]> {
  return [
    ...(await collections(store)),
    ['oplog of mongodb', await servers.oplog()],
    ['files of temporal', servers.temporalFiles()],
    ...servers.logs().map(([name, bytes]): Place => [`log ${name}`, bytes]),
  ];
}

/** Each history as Temporal keeps it, and what is in its payloads behind the encryption. */
export async function placesOfHistories(histories: CanaryHistory[], keys: string): Promise<Place[]> {
  const both = histories.map(async (history): Promise<Place[]> => {
    const name = `history of ${history.type} ${history.workflowId}`;
    return [
      [`${name} raw`, history.bytes],
      [`${name} decrypted`, await decrypted(history, keys)],
    ];
  });
  return (await Promise.all(both)).flat();
}

/** Every document of every collection as BSON bytes, and the blobs put together. */
async function collections({ connection, blobs }: Store): Promise<Place[]> {
  const places: Place[] = [];
  const db = connection.db!;
  for (const { name } of await db.listCollections().toArray()) {
    const documents = await db.collection(name).find({}, { raw: true }).toArray();
    places.push([`collection ${name}`, Buffer.concat(documents as unknown as Buffer[])]);
  }
  for (const { _id } of await db.collection('blobs.files').find().toArray())
    places.push([`blob ${_id.toHexString()}`, await blobs.get(_id.toHexString())]);
  return places;
}

/** Makes a user of one database. The URI of the database as that user. */
export async function createDatabaseUser(
  servers: CanaryServers,
  database: string,
  password: string,
): Promise<string> {
  const client = new mongoose.mongo.MongoClient(servers.mongodbUri(database));
  const roles = [{ role: 'dbOwner', db: database }];
  await client.db().command({ createUser: 'canary', pwd: password, roles });
  await client.close();
  const uri = new URL(servers.mongodbUri(database));
  uri.username = 'canary';
  uri.password = password;
  uri.searchParams.set('authSource', database);
  return uri.href;
}
