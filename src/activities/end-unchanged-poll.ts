import type { FinishedStep, Suspension } from '../engine/walker-host';

/** A poll that found nothing new ends its run: no step follows, and lists leave the run out. */
export async function endUnchangedPoll(
  _host: unknown,
  { value }: FinishedStep,
): Promise<Suspension | undefined> {
  return value.polledNoChanges ? { kind: 'ended', resultType: 'POLLED_NO_CHANGES' } : undefined;
}
