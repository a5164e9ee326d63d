import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../errors';
import type { Ask } from './desk-requests';
import type { ThreadReply, ThreadRequest } from './thread-messages';
import { Turns } from './turns';

/** What large definitions may take of a process. */
export interface ThreadLimits {
  /** Longest time of one visit, ms. */
  timeMs: number;
  /** Heap of the thread, MB. */
  memoryMb: number;
  /** Characters of the definitions that may wait, of one organization and of all. */
  waitingOfOne: number;
  waitingOfAll: number;
  /** How long the thread stays without work, ms. */
  idleMs: number;
}

/** The largest definition takes some 3 s and 300 MB. */
const LIMITS: ThreadLimits = {
  timeMs: 30_000,
  memoryMb: 512,
  waitingOfOne: 20_000_000,
  waitingOfAll: 60_000_000,
  idleMs: 60_000,
};

/**
 * One thread that reads large definitions, so that the process goes on answering meanwhile. One visit at a time; who
 * waits is served one of each organization in turn. It starts with the first visit and ends when nobody comes.
 */
export class DefinitionThread {
  readonly #limits: ThreadLimits;
  readonly #turns: Turns;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: Partial<ThreadLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#turns = new Turns(this.#limits);
  }

  /**
   * Lets `work` ask about a definition of so many characters. Throws `limit_exceeded` when too much of the
   * organization waits or it takes too long, `dependency_unavailable` when too much of all waits, and
   * `invalid_definition` when it takes more memory than there is.
   */
  async visit<T>(organizationId: string, characters: number, work: (ask: Ask) => Promise<T>): Promise<T> {
    await this.#turns.begin(organizationId, characters);
    try {
      return await this.#serve(work);
    } finally {
      this.#rest();
      this.#turns.end();
    }
  }

  async #serve<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const worker = this.#awake();
    const over = AbortSignal.timeout(this.#limits.timeMs);
    try {
      return await work((async (kind, request) => {
        over.throwIfAborted();
        const asked: ThreadRequest = { kind, request };
        worker.postMessage(asked);
        const [reply] = (await once(worker, 'message', { signal: over })) as [ThreadReply];
        return answerOf(reply);
      }) as Ask);
    } catch (error) {
      if (over.aborted) {
        await this.#end(worker);
        throw this.#tooLong();
      }
      if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') throw this.#tooMuch();
      throw error;
    }
  }

  #awake(): Worker {
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    this.#worker.ref();
    return this.#worker;
  }

  #start(): Worker {
    const worker = new Worker(threadEntry(), {
      name: 'definitions',
      // It needs nothing of the process, least of all its secrets.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMb },
    });
    // Whoever waits for a reply is told of the error; without a listener it would end the process.
    worker.on('error', () => this.#forget(worker));
    worker.on('exit', () => this.#forget(worker));
    return worker;
  }

  #rest(): void {
    const worker = this.#worker;
    if (!worker) return;
    worker.unref();
    this.#idle = setTimeout(() => void this.#end(worker), this.#limits.idleMs).unref();
  }

  async #end(worker: Worker): Promise<void> {
    this.#forget(worker);
    await worker.terminate();
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
  }

  #tooLong(): AppError {
    const seconds = this.#limits.timeMs / 1000;
    return new AppError(
      'limit_exceeded',
      `Reading the definition took more than ${seconds} s and was given up. Split the integration, or repeat it when less goes on.`,
      { retryAfterSeconds: 30 },
    );
  }

  #tooMuch(): AppError {
    return new AppError(
      'invalid_definition',
      `Reading the definition takes more than ${this.#limits.memoryMb} MB of memory. Split the integration.`,
    );
  }
}

function answerOf(reply: ThreadReply): unknown {
  if ('answer' in reply) return reply.answer;
  if ('failure' in reply) throw new Error(`The thread of definitions failed: ${reply.failure}`);
  const { code, message, faults } = reply.refusal;
  throw new AppError(code, message, { faults });
}

/** The compiled entry lies beside this file in a build; code that runs from its sources takes the one in `dist`. */
function threadEntry(): string {
  const beside = join(__dirname, 'thread-main.js');
  const built = resolve(__dirname, '../../../../dist/services/integrations/desk/thread-main.js');
  const entry = [beside, built].find((path) => existsSync(path));
  if (entry === undefined)
    throw new Error(`The thread of definitions is not built: ${built} is missing. Run "npm run build".`);
  return entry;
}
