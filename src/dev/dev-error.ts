/** A failure that the person at the terminal can do something about; its message is one clear sentence. */
export class DevError extends Error {
  override readonly name = 'DevError';
}

/** The first line of whatever was thrown, for a sentence that goes on with the reason. */
export function reasonOf(error: unknown): string {
  const { message = String(error), cause } = (error ?? {}) as {
    message?: string;
    cause?: { message?: string };
  };
  // Node's fetch keeps what went wrong in the cause.
  const text = message === 'fetch failed' && cause?.message ? `${message} (${cause.message})` : message;
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
