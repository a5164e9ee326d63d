import type { Env } from '../../config/env';
import { BOARDING_PATH, type Boarded, type BoardingCall } from '../../services/executions/accept/origin-push';
import { type BatchRun, beginBoarded } from '../../services/executions/run/begin-batch';
import { LEAST_ROOM, MOST_MEMBERS } from '../../services/executions/start/batch-size';
import type { Execution } from '../../store/models/execution.model';
import { callOrigin } from '../call-origin';
import type { RunDeps } from '../run-deps';

/** How long a batch takes more along, ms: what it does is seen in Temporal when it is over. */
const OPEN_FOR_MS = 3000;
/** Where nobody comes for so long, one alone may have a workflow of its own. */
const ASK_FOR_MS = 250;
/** The next batch is begun while this one has so much room, or time, left. */
const LAST_ROOM = 20;
const LAST_MS = 500;
/**
 * For the answer to arrive, even from a process that is late: whoever is named in one that nobody reads waits for the
 * sweeper.
 */
const SPARE_MS = 8000;

/**
 * Takes executions along that were accepted after the batch was started: to go along costs far less than a start.
 * Asks the API process that started it until the batch is full, nobody waits, or it has been open for long enough.
 * Calls `onBegun` with those that have begun; rejects when it is not known which have.
 */
export async function takeAlong(
  deps: Pick<RunDeps, 'env' | 'store' | 'stopping'>,
  { run, members, signal }: { run: BatchRun; members: readonly Execution[]; signal: AbortSignal },
  onBegun: (executions: Execution[]) => void,
): Promise<void> {
  const origin = members[0]?.replyTo;
  if (origin === undefined) return;
  const untilMs = Date.now() + OPEN_FOR_MS;
  let room = MOST_MEMBERS - members.length;
  while (room >= LEAST_ROOM && Date.now() < untilMs) {
    if (signal.aborted || deps.stopping.aborted) return;
    const isLast = room < LAST_ROOM || Date.now() + LAST_MS > untilMs;
    const executionIds = await ask(deps.env, { origin, signal }, { room, forMs: ASK_FOR_MS, isLast });
    if (executionIds.length === 0) return;
    onBegun(await beginBoarded(deps, { ...run, executionIds }));
    room -= executionIds.length;
  }
}

/** Who may go along: nobody where the process is gone, which is found out by others. */
async function ask(
  env: Env,
  { origin, signal }: { origin: string; signal: AbortSignal },
  call: BoardingCall,
): Promise<string[]> {
  const limitMs = call.forMs + SPARE_MS;
  try {
    const answer = await callOrigin(env, { origin, path: BOARDING_PATH, limitMs, signal }, call);
    return answer === null ? [] : (JSON.parse(answer) as Boarded).executionIds;
  } catch {
    return [];
  }
}
