import type { ChildProcess } from 'node:child_process';
import type { PerformRequest } from './contract';
import { secretRedactor } from './redact-secrets';

/** More than is shown, so that no secret is cut in half before it is masked. */
const KEPT = 16_384;
const SHOWN = 4_096;
/** Configurations whose secrets are masked: of the calls that came last. */
const MOST_GIVEN = 1_000;
/** What is printed within so many ms is told together: masking costs more than what is masked. */
const TOLD_AFTER_MS = 200;
/** Of one process: code can print without an end. */
const MOST_TOLD = 20;

/** What a runner process printed last outside of its calls, and the secrets that it was given. */
export class ProcessOutput {
  #text = '';
  /** Not told yet. */
  #untold = '';
  /** The beginning of its first line is gone. */
  #isCut = false;
  #toldCount = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #onOutput: (text: string) => void;
  readonly #given = new Map<unknown, PerformRequest['context']>();

  /** `onOutput` gets whole lines without secrets, for the operator alone, until the process has printed too often. */
  constructor({ stdout, stderr }: ChildProcess, onOutput: (text: string) => void) {
    this.#onOutput = onOutput;
    for (const stream of [stdout, stderr])
      stream?.on('data', (chunk: Buffer) => {
        const text = chunk.toString('utf8');
        this.#text = (this.#text + text).slice(-KEPT);
        if (this.#toldCount > MOST_TOLD) return;
        const untold = this.#untold + text;
        this.#isCut ||= untold.length > KEPT;
        this.#untold = untold.slice(-KEPT);
        this.#timer ??= setTimeout(this.#tell, TOLD_AFTER_MS);
      });
  }

  /** The process gets this call, and its secrets with it. */
  remember({ context, params }: PerformRequest): void {
    const { configVars = params, webhookApiKeys } = context;
    // Runs of one instance share the object for seconds.
    this.#given.delete(configVars);
    this.#given.set(configVars, { configVars, webhookApiKeys });
    if (this.#given.size <= MOST_GIVEN) return;
    for (const oldest of this.#given.keys()) {
      this.#given.delete(oldest);
      return;
    }
  }

  /** As it was printed: only to be matched. */
  get raw(): string {
    return this.#text;
  }

  /**
   * For the operator's log alone: it may be of any of the runs that shared the process. What of it was not told yet is told
   * by this.
   */
  masked(): string {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#untold = '';
    return this.#withoutSecrets(this.#text).slice(-SHOWN).trim();
  }

  #tell = (): void => {
    this.#timer = undefined;
    // Whole lines: of a secret that is cut in half neither would be masked.
    const begin = this.#isCut ? this.#untold.indexOf('\n') + 1 : 0;
    const end = this.#untold.lastIndexOf('\n') + 1;
    const text = this.#untold.slice(begin, end);
    this.#untold = this.#untold.slice(end);
    if (end > 0) this.#isCut = false;
    if (text.trim() === '') return;
    this.#toldCount += 1;
    this.#onOutput(
      this.#toldCount > MOST_TOLD
        ? 'What this process prints further is not shown.'
        : this.#withoutSecrets(text).trim(),
    );
  };

  #withoutSecrets(text: string): string {
    let masked = secretRedactor({})(text);
    for (const context of this.#given.values()) masked = secretRedactor({}, context)(masked);
    return masked;
  }
}
