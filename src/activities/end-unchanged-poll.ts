import type { AfterTrigger } from './after-trigger';

/** A poll that found nothing new ends its run: no step follows, and lists leave the run out. */
export const endUnchangedPoll: AfterTrigger = async (_host, { value }) =>
  value.polledNoChanges ? { kind: 'ended', resultType: 'POLLED_NO_CHANGES' } : undefined;
