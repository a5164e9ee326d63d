import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { reasonOf } from '../dev-error';
import type { Surroundings } from './binary';

const CONNECT_TIMEOUT_MS = 5_000;
const STALL_TIMEOUT_MS = 30_000;

/** A file on the web and how to know that it is the right one. */
export interface Download {
  label: string;
  url: string;
  /** Hexadecimal SHA-256, or the address of the vendor's file that holds it. */
  sha256: string | { url: string };
}

/**
 * Downloads a file and checks its SHA-256. Gives up when no answer begins within 5 s or nothing comes for 30 s,
 * so that a machine without a network goes on to the next source soon.
 */
export async function download(what: Download, target: string, around: Surroundings): Promise<void> {
  const expected =
    typeof what.sha256 === 'string' ? what.sha256 : await fetchChecksum(what.sha256.url, around);
  const { body, bytes, keepAlive } = await open(what.url, around);
  const task = around.progress.task(`Downloading ${what.label}`);
  const hash = createHash('sha256');
  let received = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      keepAlive();
      hash.update(chunk);
      received += chunk.length;
      task.update(describeBytes(received, bytes));
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, meter, createWriteStream(target));
    const actual = hash.digest('hex');
    if (actual !== expected) throw new Error(`its SHA-256 is ${actual}, not ${expected}; it was thrown away`);
  } finally {
    task.done(describeBytes(received, bytes));
  }
}

/** Megabytes, with percent when the total is known. */
export function describeBytes(received: number, total: number | undefined): string {
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
  if (total === undefined || total === 0) return `${megabytes(received)} MB`;
  const percent = Math.min(100, Math.floor((received / total) * 100));
  return `${percent} % of ${megabytes(total)} MB`;
}

async function fetchChecksum(url: string, around: Surroundings): Promise<string> {
  const { body } = await open(url, around);
  const text = Buffer.concat(await body.toArray()).toString('utf8');
  const found = /\b[0-9a-f]{64}\b/.exec(text)?.[0];
  if (found === undefined) throw new Error(`${url} holds no SHA-256`);
  return found;
}

async function open(url: string, around: Surroundings) {
  const giveUp = new AbortController();
  const stop = (why: string) => giveUp.abort(new Error(why));
  let timer = setTimeout(() => stop(`no answer from ${new URL(url).host} within 5 s`), CONNECT_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([around.signal, giveUp.signal]) });
    clearTimeout(timer);
    if (!response.ok || response.body === null)
      throw new Error(`${new URL(url).host} answered ${response.status}`);
    const keepAlive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop('nothing came for 30 s'), STALL_TIMEOUT_MS);
    };
    keepAlive();
    const body = Readable.fromWeb(response.body as ReadableStream);
    body.once('close', () => clearTimeout(timer));
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    return { body, keepAlive, bytes: Number.isNaN(length) ? undefined : length };
  } catch (error) {
    clearTimeout(timer);
    around.signal.throwIfAborted();
    const why = giveUp.signal.aborted ? reasonOf(giveUp.signal.reason) : unreachable(url, error);
    throw new Error(why, { cause: error });
  }
}

/** `fetch` hides why behind "fetch failed". */
function unreachable(url: string, error: unknown): string {
  const { code } = (error as { cause?: { code?: string } }).cause ?? {};
  return code === undefined ? reasonOf(error) : `${new URL(url).host} cannot be reached (${code})`;
}
