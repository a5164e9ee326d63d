import type { RunnerPool } from '../components/runner/pool';
import type { Deps } from '../services/context';
import type { JournalWriter } from '../services/journal/journal-writer';
import type { LogWriter } from '../services/logs/log-writer';

/** What running segments needs, made once a worker. */
export interface RunDeps extends Deps {
  runners: RunnerPool;
  journal: JournalWriter;
  logs: LogWriter;
  /** Aborted when the worker stops: segments hand over at the next step. */
  stopping: AbortSignal;
  /** Aborted when a stop has taken too long: steps in flight are given up, and begun again elsewhere. */
  givingUp: AbortSignal;
}
