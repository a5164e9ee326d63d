import type { ChildProcess } from 'node:child_process';
import type { PerformRequest } from './contract';
import { secretRedactor } from './redact-secrets';

/** More than is shown, so that no secret is cut in half before it is masked. */
const KEPT = 16_384;
const SHOWN = 4_096;
/** Configurations whose secrets are masked: of the calls that came last. */
const MOST_GIVEN = 1_000;

/** What a runner process printed last outside of its calls, and the secrets that it was given. */
export class ProcessOutput {
  #text = '';
  readonly #given = new Map<unknown, PerformRequest['context']>();

  constructor({ stdout, stderr }: ChildProcess, onOutput: (text: string) => void) {
    for (const stream of [stdout, stderr])
      stream?.on('data', (chunk: Buffer) => {
        const text = chunk.toString('utf8');
        this.#text = (this.#text + text).slice(-KEPT);
        onOutput(text);
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

  /** For the operator's log alone: it may be of any of the runs that shared the process. */
  masked(): string {
    let text = secretRedactor({})(this.#text);
    for (const context of this.#given.values()) text = secretRedactor({}, context)(text);
    return text.slice(-SHOWN).trim();
  }
}
