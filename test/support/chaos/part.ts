/** One of the processes that the product consists of. */
export type PartName = 'worker' | 'runner' | 'API' | 'Temporal' | 'mongod';

/** A process that a test takes away and gives back. */
export interface Part {
  name: PartName;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again; resolves when it does its work. */
  start(): Promise<void>;
}
