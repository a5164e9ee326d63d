import { setTimeout as sleep } from 'node:timers/promises';
import { insertNew, NOT_YET_SAFE } from '../../store/bulk-writes';
import type { LogLine } from '../../store/models/log.model';
import { onPrimaryLost } from '../../store/on-primary-lost';
import type { Store } from '../../store/store';
import { groupCommit } from '../group-commit';

const FLUSH_EVERY_MS = 200;
const FLUSH_AT_LINES = 500;
/** Lines kept while MongoDB is away; beyond, the oldest go. */
const MAX_LINES = 50_000;
/** Executions whose ends share one write. */
const MAX_FLUSHES = 1000;
/** What was stored so long ago is safe: MongoDB writes its journal to the disk ten times a second. */
const SAFE_AFTER_MS = 10_000;

/** Nobody waits for last lines: they go with those of others. */
const GATHER_MS = 50;

interface FlushOptions {
  isSafe?: boolean;
}

/** Buffers customer-visible log lines and writes them in bulk. */
export interface LogWriter {
  append(line: LogLine): void;
  /**
   * Writes what is buffered; rejects when MongoDB is away, and keeps the lines. They are safe from a crash of MongoDB with
   * the next write that is: those of executions are. `isSafe`: with this one. Should MongoDB crash in between, they are
   * written again.
   */
  flush(options?: FlushOptions): Promise<void>;
  /** The same, safe and some milliseconds later, with what others write meanwhile. */
  flushSoon(): Promise<void>;
  /** Lines lost because too many waited. */
  readonly dropped: number;
  close(): Promise<void>;
}

export function createLogWriter(store: Store): LogWriter {
  let lines: LogLine[] = [];
  /** Stored, and lost if MongoDB crashes now. */
  let unsafe: LogLine[] = [];
  let unsafeAtMs = 0;
  let losses = 0;
  let dropped = 0;
  const stopListening = onPrimaryLost(store, () => {
    losses += 1;
    lines = [...unsafe, ...lines];
    unsafe = [];
  });
  const stored = (group: LogLine[], isSafe: boolean, lossesBefore: number) => {
    if (isSafe) unsafe = [];
    else if (losses > lossesBefore) lines = [...group, ...lines];
    else {
      unsafe = [...unsafe, ...group];
      unsafeAtMs = Date.now();
    }
  };
  const write = async (flushes: FlushOptions[]) => {
    const group = lines;
    lines = [];
    if (group.length === 0) return [];
    const lossesBefore = losses;
    // Before too many are kept.
    const isSafe = unsafe.length >= FLUSH_AT_LINES || flushes.some((flush) => flush.isSafe);
    try {
      // A flush that is repeated after a lost answer stores no line twice: its ids are taken.
      await insertNew(store.logs.collection, group, isSafe ? {} : { writeConcern: NOT_YET_SAFE });
      stored(group, isSafe, lossesBefore);
      return [];
    } catch (error) {
      lines = [...group, ...lines];
      throw error;
    }
  };
  const flush = groupCommit<FlushOptions>({ maxItems: MAX_FLUSHES }, write);
  const timer = setInterval(() => {
    if (Date.now() - unsafeAtMs > SAFE_AFTER_MS) unsafe = [];
    void flush({}).catch(() => undefined);
  }, FLUSH_EVERY_MS);
  return {
    append(line) {
      lines.push(line);
      if (lines.length > MAX_LINES) {
        dropped += lines.length - MAX_LINES;
        lines = lines.slice(-MAX_LINES);
      }
      if (lines.length === FLUSH_AT_LINES) void flush({}).catch(() => undefined);
    },
    flush: (options = {}) => flush(options),
    flushSoon: gathered(() => flush({ isSafe: true })),
    get dropped() {
      return dropped;
    },
    async close() {
      clearInterval(timer);
      await flush({ isSafe: true }).catch(() => undefined);
      stopListening();
    },
  };
}

/** Does it once for all who ask within some milliseconds. */
function gathered(work: () => Promise<void>): () => Promise<void> {
  let soon: Promise<void> | undefined;
  return () => {
    soon ??= sleep(GATHER_MS).then(() => {
      soon = undefined;
      return work();
    });
    return soon;
  };
}
