import type { Destination } from '../load/order';
import type { ProcessGroup } from '../measure/processor-time';
import type { Work } from '../works/work';

/** What is loaded: the product, or plain workflows. */
export interface Target {
  name: 'tenon' | 'temporal';
  /** Puts a work in place; `path` is where its calls go at the local service. */
  prepare(work: Work, path: string): Promise<Destination[]>;
  /** Whose processor time is told. */
  processes: ProcessGroup[];
  /** Whose memory counts. */
  resident: ProcessGroup[];
  /** Cheap: whether the executions that were sent last have ended, so that it is worth reading all ends. */
  seemsDone(ids: string[]): Promise<boolean>;
  /** Ends by id of those executions that have ended. */
  readEnds(ids: string[]): Promise<Map<string, End>>;
  /** What is wrong with what the executions left: lost, failed or run twice; empty when all is well. */
  faults(work: Pick<Work, 'steps'>, ids: string[]): Promise<string[]>;
  stop(): Promise<void>;
}

export interface End {
  endedAtMs: number;
  isSuccess: boolean;
}
