import { DefinitionDesk } from './definition-desk';
import { DefinitionThread } from './definition-thread';
import type { Ask } from './desk-requests';

/** Longest text that is read at once, in characters: 1 000 of them take some 0.9 ms. */
export const SMALL = 20_000;

const thread = new DefinitionThread();

/**
 * Lets `work` ask about a definition: a small one is read at once, a large one in a thread, in the organization's
 * turn. What was read for one question is there for the next.
 */
export async function atDesk<T>(
  organizationId: string,
  text: string,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  if (text.length > SMALL) return thread.visit(organizationId, text.length, work);
  const desk = new DefinitionDesk();
  return work(async (kind, request) => desk.answer(kind, request));
}
