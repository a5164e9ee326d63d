import type { Call } from './call';
import type { Death } from './death';

/** What a runner process tells those who keep it. */
export interface RunnerHooks<Runner> {
  /** It takes no further calls; it ends when those that it has are done. */
  onRetired: (runner: Runner) => void;
  onDeath: (runner: Runner, death: Death) => void;
  /** A call of it was not begun and must run in a process of its bundle's own. */
  onMoved: (call: Call) => void;
  /** A call of it was not begun and is taken back, since the process does not answer. */
  onReturned: (call: Call) => void;
  /** Its last call is done, or it answers again. */
  onIdle: (runner: Runner) => void;
}
