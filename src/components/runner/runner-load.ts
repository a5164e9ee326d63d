/** Shorter times say little: a process that collects its garbage is busy, and so is one that has a wave of calls. */
const LEAST_MS = 1000;
/** What was said longer ago says nothing about now. */
const SAID_FOR_MS = 3000;

/** What a runner process has done since it began: processor time in ms, and calls. */
interface Work {
  cpuMs: number;
  calls: number;
}

/** How busy a runner process is, by what it says of itself from time to time. */
export class RunnerLoad {
  #before: Work | undefined;
  #saidAt = 0;
  #share = 0;
  #msPerCall = 0;

  say(work: Work): void {
    const now = performance.now();
    if (now - this.#saidAt < LEAST_MS) return;
    if (this.#before !== undefined) {
      const cpuMs = work.cpuMs - this.#before.cpuMs;
      this.#share = cpuMs / (now - this.#saidAt);
      this.#msPerCall = cpuMs / Math.max(1, work.calls - this.#before.calls);
    }
    this.#before = work;
    this.#saidAt = now;
  }

  /** Of one processor, between the last two times that it said something; 0 while it does nothing. */
  get share(): number {
    return performance.now() - this.#saidAt < SAID_FOR_MS ? this.#share : 0;
  }

  /** Processor time of a call, in ms, by those between the last two times that it said something. */
  get msPerCall(): number {
    return this.#msPerCall;
  }
}
