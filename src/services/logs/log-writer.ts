import { insertNew, NOT_YET_SAFE } from '../../store/bulk-writes';
import type { LogLine } from '../../store/models/log.model';
import type { Store } from '../../store/store';
import { groupCommit } from '../group-commit';

const FLUSH_EVERY_MS = 200;
const FLUSH_AT_LINES = 500;
/** Lines kept while MongoDB is away; beyond, the oldest go. */
const MAX_LINES = 50_000;
/** Executions whose ends share one write. */
const MAX_FLUSHES = 1000;

interface FlushOptions {
  isSafe?: boolean;
}

/** Buffers customer-visible log lines and writes them in bulk. */
export interface LogWriter {
  append(line: LogLine): void;
  /**
   * Writes what is buffered; rejects when MongoDB is away, and keeps the lines. They are safe from a crash of MongoDB with
   * the next write that is: those of executions are. `isSafe`: with this one.
   */
  flush(options?: FlushOptions): Promise<void>;
  /** Lines lost because too many waited. */
  readonly dropped: number;
  close(): Promise<void>;
}

export function createLogWriter(store: Store): LogWriter {
  let lines: LogLine[] = [];
  let dropped = 0;
  const write = async (flushes: FlushOptions[]) => {
    const group = lines;
    lines = [];
    if (group.length === 0) return [];
    try {
      // A flush that is repeated after a lost answer stores no line twice: its ids are taken.
      const isSafe = flushes.some((flush) => flush.isSafe);
      await insertNew(store.logs.collection, group, isSafe ? {} : { writeConcern: NOT_YET_SAFE });
      return [];
    } catch (error) {
      lines = [...group, ...lines];
      throw error;
    }
  };
  const flush = groupCommit<FlushOptions>({ maxItems: MAX_FLUSHES }, write);
  const timer = setInterval(() => void flush({}).catch(() => undefined), FLUSH_EVERY_MS);
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
    get dropped() {
      return dropped;
    },
    async close() {
      clearInterval(timer);
      await flush({ isSafe: true }).catch(() => undefined);
    },
  };
}
