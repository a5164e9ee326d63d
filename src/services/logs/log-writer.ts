import { insertNew } from '../../store/bulk-insert';
import type { LogLine } from '../../store/models/log.model';
import type { Store } from '../../store/store';
import { groupCommit } from '../group-commit';

const FLUSH_EVERY_MS = 200;
const FLUSH_AT_LINES = 500;
/** Lines kept while MongoDB is away; beyond, the oldest go. */
const MAX_LINES = 50_000;
/** Executions whose ends share one write. */
const MAX_FLUSHES = 1000;

/** Buffers customer-visible log lines and writes them in bulk. */
export interface LogWriter {
  append(line: LogLine): void;
  /** Writes what is buffered; rejects when MongoDB is away, and keeps the lines. */
  flush(): Promise<void>;
  /** Lines lost because too many waited. */
  readonly dropped: number;
  close(): Promise<void>;
}

export function createLogWriter(store: Store): LogWriter {
  let lines: LogLine[] = [];
  let dropped = 0;
  const write = async () => {
    const group = lines;
    lines = [];
    if (group.length === 0) return [];
    try {
      // A flush that is repeated after a lost answer stores no line twice: its ids are taken.
      await insertNew(store.logs.collection, group);
      return [];
    } catch (error) {
      lines = [...group, ...lines];
      throw error;
    }
  };
  const commit = groupCommit<undefined>({ maxItems: MAX_FLUSHES }, write);
  const flush = () => commit(undefined);
  const timer = setInterval(() => void flush().catch(() => undefined), FLUSH_EVERY_MS);
  return {
    append(line) {
      lines.push(line);
      if (lines.length > MAX_LINES) {
        dropped += lines.length - MAX_LINES;
        lines = lines.slice(-MAX_LINES);
      }
      if (lines.length === FLUSH_AT_LINES) void flush().catch(() => undefined);
    },
    flush,
    get dropped() {
      return dropped;
    },
    async close() {
      clearInterval(timer);
      await flush().catch(() => undefined);
    },
  };
}
