import { input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { withLine } from '../code/run-snippet';
import { exportOf } from '../code/snippet';

type AuthorFunction = (...args: unknown[]) => unknown;

/** An input that holds a function of the author as text. */
export const functionInput = (label: string, initial: string, comments: string, required = true) =>
  input({
    label,
    type: 'code',
    language: 'javascript',
    required,
    default: initial,
    comments,
    clean: (value: unknown) => cleanText(value).trim() || initial,
  });

/** What is compiled of the text of a function. */
export const sourceOf = (text: string): string => `module.exports = ${text.trim()}`;

/** The function that a text holds, such as `(item, index) => item.id`. Throws an error that names the input. */
export function authorFunction(label: string, text: string): AuthorFunction {
  const found = guarded(label, 'cannot be read', () => exportOf(sourceOf(text)));
  if (typeof found === 'function') return found as AuthorFunction;
  throw new Error(`${label} is no function. Write one: (item, index) => { return …; }`);
}

/** Calls the function for each item in turn, waiting for promises; an error names the item. */
export async function forEachItem(
  label: string,
  text: string,
  items: unknown[],
  context: unknown,
  take: (result: unknown, item: unknown) => void,
): Promise<void> {
  const call = authorFunction(label, text);
  for (const [at, item] of items.entries()) {
    try {
      take(await call(item, at, context), item);
    } catch (error) {
      throw named(error, `${label} failed at item ${at}`);
    }
  }
}

/** Runs what calls an author's function; its error says in which input and line it arose. */
export function guarded<T>(label: string, fault: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw named(error, `${label} ${fault}`);
  }
}

function named(error: unknown, what: string): unknown {
  const located = withLine(error) as { message?: unknown };
  if (typeof located !== 'object' || located === null) return new Error(`${what}: ${String(error)}`);
  located.message = `${what}: ${String(located.message)}`;
  return located;
}
