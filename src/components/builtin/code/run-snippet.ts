import { loadSnippet, snippetLine } from './snippet';

/** Runs the function that the text exports; an error names the line of the text in which it arose. */
export async function runSnippet(code: string, context: unknown, second: unknown): Promise<unknown> {
  try {
    return await loadSnippet(code)(context, second);
  } catch (error) {
    throw withLine(error);
  }
}

/** Names the line of the text in the message, for authors who see the message alone. */
export function withLine(error: unknown): unknown {
  const line = snippetLine(error);
  const thrown = error as { message?: unknown } | null | undefined;
  // A message that is an object is shown as one.
  if (line !== undefined && typeof thrown?.message === 'string')
    thrown.message = `${thrown.message} (line ${line} of the code)`;
  return error;
}
