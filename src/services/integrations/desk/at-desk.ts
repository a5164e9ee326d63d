import { DefinitionDesk } from './definition-desk';
import { DefinitionThread } from './definition-thread';
import type { Ask } from './desk-requests';

/**
 * The most that is read at once: characters, of which 1 000 take some 0.9 ms, and marks of YAML, of which an ordinary
 * text has one in twelve characters. A text of nothing but marks takes twenty times as long: 1 000 of them some 10 ms.
 */
const SMALL = { characters: 20_000, marks: 2_500 };
const MARKS = /[[\]{},:?&*!|>'"#%~\n-]/g;

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
  if (!isSmall(text)) return thread.visit(organizationId, text.length, work);
  const desk = new DefinitionDesk();
  return work(async (kind, request) => desk.answer(kind, request));
}

/** Whether a text is read sooner than it is handed to a thread. */
export function isSmall(text: string): boolean {
  if (text.length > SMALL.characters) return false;
  return (text.match(MARKS)?.length ?? 0) <= SMALL.marks;
}
