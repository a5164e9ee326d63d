import type { RunnerLogLine } from './contract';
import type { LineLog } from './line-log';

/** The log lines of one process, each told once, in order: they come by message, or were noted before that. */
export class ToldLines {
  readonly #log: LineLog;
  readonly #tell: (id: number, line: RunnerLogLine) => void;
  /** Number of the last one. */
  #last = 0;

  constructor(log: LineLog, tell: (id: number, line: RunnerLogLine) => void) {
    this.#log = log;
    this.#tell = tell;
  }

  /** A line has come by message; one without a number was not noted. */
  take({ id, number, line }: { id: number; number: number | undefined; line: RunnerLogLine }): void {
    if (number !== undefined) {
      if (number <= this.#last) return;
      this.#last = number;
    }
    this.#tell(id, line);
  }

  /** Tells what is noted and has not come; not what is behind a gap: messages with the lines between are on their way. */
  read(): void {
    for (const noted of this.#log.read()) if (noted.number <= this.#last + 1) this.take(noted);
  }

  /** The process has ended, and its last message was taken: tells all that is noted, behind a gap as well. */
  end(): void {
    for (const noted of this.#log.read()) this.take(noted);
    this.#log.close();
  }
}
