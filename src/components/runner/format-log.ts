import { format, inspect } from 'node:util';

/** Longest message of a log line, in characters. */
export const LONGEST_MESSAGE = 4096;

/** One text out of the arguments of a log call: text as it is, errors by message, the rest as JSON. */
export function formatLog(args: unknown[]): string {
  const [first, ...rest] = args.map((argument) =>
    typeof argument === 'number' ? argument : toText(argument),
  );
  return format(first ?? '', ...rest);
}

/** Cuts a message; only after its secrets were masked, or a half of one would stay. */
export function cutMessage(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.message || value.name;
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value, (_key, item: unknown) => replace(item)) ?? String(value);
  } catch {
    return inspect(value, { depth: 4, breakLength: Infinity });
  }
}

function replace(item: unknown): unknown {
  if (typeof item === 'bigint') return String(item);
  if (item instanceof Error) return { message: item.message };
  if (item instanceof Uint8Array) return `<${item.byteLength} bytes>`;
  if (isBufferJson(item)) return `<${item.data.length} bytes>`;
  return item;
}

/** A Buffer turns itself into this before a replacer sees it. */
function isBufferJson(item: unknown): item is { data: number[] } {
  return (
    typeof item === 'object' &&
    item !== null &&
    (item as { type?: unknown }).type === 'Buffer' &&
    Array.isArray((item as { data?: unknown }).data)
  );
}
