import type { Env } from '../config/env';
import type { FlowAnswer } from '../services/executions/accept/flow-answer';
import { PUSH_PATH, type Pushed, type PushedExecution } from '../services/executions/accept/origin-push';
import { groupCommit } from '../services/group-commit';
import { loopLagMs } from '../services/loop-lag';
import { INLINE_LIMIT_BYTES } from '../store/blobs';
import type { Execution } from '../store/models/execution.model';
import { callOrigin } from './call-origin';
import type { RunDeps } from './run-deps';

const TIMEOUT_MS = 2000;
const MAX_GROUP = 100;
/** What nobody waits for is told so much later, with what else ends meanwhile: each call costs both sides a millisecond. */
const GATHER_MS = 25;
/** A few wait for others so long at most. */
const FEW = 4;
const MOST_GATHER_MS = 100;

type Push = (pushed: PushedExecution) => Promise<void>;
const pushes = new WeakMap<Env, Map<string, Push>>();

/**
 * Tells the API process that accepted the execution that it has ended or does nothing for now, with the answer
 * for its caller if there is one. Those that come together are told together. Only a wake: a lost one costs a
 * waiting caller a second.
 */
export function pushLeft(
  { env }: Pick<RunDeps, 'env'>,
  { _id: executionId, replyTo, isAwaited }: Execution,
  told: { answer?: FlowAnswer; goesOn?: boolean } = {},
): void {
  if (!replyTo) return;
  const { answer, goesOn } = told;
  const isSmall = answer && (answer.body?.length ?? 0) <= INLINE_LIMIT_BYTES;
  const pushed = {
    executionId,
    ...(isSmall && { answer }),
    ...(goesOn && { goesOn }),
  };
  const push = () => void pushOf(env, replyTo)(pushed).catch(() => undefined);
  if (isAwaited) push();
  else pushSoon(push);
}

const gathered: (() => void)[] = [];

/** By one timer for all: timers that are due together let a call go between each other. */
function pushSoon(push: () => void): void {
  gathered.push(push);
  if (gathered.length === 1) setTimeout(() => tell(Date.now() + MOST_GATHER_MS - GATHER_MS), GATHER_MS);
}

function tell(untilMs: number): void {
  if (gathered.length < FEW && Date.now() < untilMs) setTimeout(() => tell(untilMs), GATHER_MS);
  else for (const one of gathered.splice(0)) one();
}

function pushOf(env: Env, origin: string): Push {
  const byOrigin = pushes.get(env) ?? new Map<string, Push>();
  pushes.set(env, byOrigin);
  const known = byOrigin.get(origin);
  if (known) return known;
  const push = groupCommit<PushedExecution>({ maxItems: MAX_GROUP }, async (group) => {
    const pushed: Pushed = { executions: group, lagMs: loopLagMs() };
    await callOrigin(env, { origin, path: PUSH_PATH, limitMs: TIMEOUT_MS }, pushed);
    return [];
  });
  byOrigin.set(origin, push);
  return push;
}
