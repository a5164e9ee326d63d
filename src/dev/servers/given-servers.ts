import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { DevError, reasonOf } from '../dev-error';

const CONNECT_TIMEOUT_MS = 5_000;
/** Connecting keeps to its own limit, except for names that the resolver does not answer. */
const GIVE_UP_MS = 8_000;

/**
 * Connects once to each server that the environment names, so that a wrong address is told at once and by its
 * variable. Throws one sentence for each that cannot be used.
 */
export async function checkGivenServers(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const checks: Promise<void>[] = [];
  const mongodb = env['TENON_MONGODB_URI'];
  const temporal = env['TENON_TEMPORAL_ADDRESS'];
  if (mongodb) checks.push(checkMongodb(mongodb, signal));
  if (temporal) checks.push(checkTemporal(temporal, signal));
  const outcomes = await Promise.allSettled(checks);
  const faults = outcomes.flatMap((each) => (each.status === 'rejected' ? [reasonOf(each.reason)] : []));
  if (faults.length > 0) throw new DevError(faults.join(' '));
}

async function checkMongodb(uri: string, signal: AbortSignal): Promise<void> {
  const client = openMongodb(uri);
  try {
    await inTime(client.db().command({ ping: 1 }), signal);
  } catch (error) {
    throw new DevError(
      `MongoDB at ${withoutCredentials(uri)} (TENON_MONGODB_URI) cannot be used: ${sentencePart(error)}.`,
    );
  } finally {
    await client.close();
  }
}

function openMongodb(uri: string) {
  try {
    return new mongoose.mongo.MongoClient(uri, {
      serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
      maxPoolSize: 1,
    });
  } catch (error) {
    // The text itself may hold a password, and is not shown.
    throw new DevError(
      `TENON_MONGODB_URI is not a connection string (mongodb://host:port/database): ${sentencePart(error)}.`,
    );
  }
}

async function checkTemporal(address: string, signal: AbortSignal): Promise<void> {
  if (!/^(?:\[[\da-f:]+\]|[^\s/:]+):\d{1,5}$/i.test(address)) {
    throw new DevError(`TENON_TEMPORAL_ADDRESS wants host:port, not "${address}".`);
  }
  try {
    await inTime(askTemporal(address), signal);
  } catch (error) {
    throw new DevError(
      `Temporal at ${address} (TENON_TEMPORAL_ADDRESS) cannot be reached: ${sentencePart(error)}.`,
    );
  }
}

/** Connecting is content with any HTTP/2 server, so it is asked for something that only Temporal knows. */
async function askTemporal(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await connection.withDeadline(Date.now() + CONNECT_TIMEOUT_MS, () =>
      connection.workflowService.getSystemInfo({}),
    );
  } finally {
    await connection.close();
  }
}

async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const timer = new AbortController();
  const end = AbortSignal.any([timer.signal, signal]);
  const tooLate = delay(GIVE_UP_MS, undefined, { signal: end }).then(() => {
    throw new Error(`no answer within ${GIVE_UP_MS / 1000} s`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    tooLate.catch(() => undefined);
    timer.abort();
  }
}

function withoutCredentials(uri: string): string {
  return uri.replace(/\/\/[^/?]*@/, '//').replace(/\?.*$/, '');
}

function sentencePart(error: unknown): string {
  return reasonOf(error).replace(/\.$/, '');
}
