/** Key of the execution state that holds the cursor; `persist-data` neither lists nor clears it. */
const CURSOR_STATE = '__recursiveFlow';

/** The state to return so that the run goes on with this cursor. */
export function cursorState(cursor: unknown): Record<string, unknown> {
  return { [CURSOR_STATE]: { cursor } };
}

/** The cursor of the run: set by a step, else the one that it began with. */
export function currentCursor(executionState: Record<string, unknown>): unknown {
  return (executionState[CURSOR_STATE] as { cursor?: unknown } | undefined)?.cursor;
}

/** Whether there is something to go on with. */
export function isSet(cursor: unknown): boolean {
  return cursor !== undefined && cursor !== null && cursor !== '';
}
