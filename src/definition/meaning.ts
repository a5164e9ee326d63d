import type { z } from 'zod';
import type { Path } from './fault';
import { LIMITS } from './limits';
import { entryAt, isMapping } from './mapping';

type Issue = z.core.$ZodIssue;

/**
 * What a value of a wrong kind stands for: another value, which is worth a warning; nothing, since empty text is no
 * value; or a word for people and editors, of which a newer one is no reason to refuse a file.
 */
export type Meaning =
  | { kind: 'read'; value: string | number | boolean }
  | { kind: 'nothing'; value: undefined }
  | { kind: 'hint'; value: string | undefined };

const NOTHING: Meaning = { kind: 'nothing', value: undefined };

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const read = (value: string | number | boolean | undefined): Meaning | undefined =>
  value === undefined ? undefined : { kind: 'read', value };

/** Empty text, or an empty list or mapping in the place of the other. */
const isEmpty = (given: unknown): boolean =>
  typeof given === 'string'
    ? given.trim() === ''
    : typeof given === 'object' && given !== null && Object.keys(given).length === 0;

function asNumber(given: unknown): number | undefined {
  return typeof given === 'string' && /^\s*-?\d{1,15}\s*$/.test(given) ? Number(given) : undefined;
}

function ofType(expected: string, given: unknown): string | number | boolean | undefined {
  switch (expected) {
    case 'string':
      return typeof given === 'number' || typeof given === 'boolean' ? String(given) : undefined;
    case 'boolean':
      return typeof given === 'string' ? SWITCH.get(given.trim().toLowerCase()) : undefined;
    case 'int':
    case 'number':
      return asNumber(given);
    default:
      return undefined;
  }
}

/** One of the known words in other capitals. */
function word(given: unknown, known: readonly unknown[]): string | undefined {
  if (typeof given !== 'string' || given.length > LIMITS.nameCharacters) return undefined;
  const wanted = given.trim().toLowerCase();
  return known.find((one): one is string => typeof one === 'string' && one.toLowerCase() === wanted);
}

/** What any word at a place of the language is as good as, where it is for people and editors alone. */
export function hint(path: Path): Extract<Meaning, { kind: 'hint' }> | undefined {
  const last = path.at(-1);
  if (last === 'scheduleType' || last === 'codeLanguage') return { kind: 'hint', value: undefined };
  // What stands on a page is for people; only config variables are anything to a run.
  return path[0] === 'configPages' && last === 'type' ? { kind: 'hint', value: 'htmlElement' } : undefined;
}

/** Mappings whose numbers count only where a key has a value; files may carry any otherwise. */
export const COUNTING: Readonly<Record<string, { key: string; is: unknown }>> = {
  errorConfig: { key: 'errorHandlerType', is: 'retry' },
  triggerResolver: { key: 'enabled', is: true },
};

function isUnused(path: Path, data: unknown): boolean {
  const given = path.slice(0, -1).reduce<unknown>(entryAt, data);
  const counting = COUNTING[String(path.at(-2))];
  return isMapping(given) && counting !== undefined && given[counting.key] !== counting.is;
}

/** What the value at the place of an issue can only mean; undefined where somebody has to decide. */
export function meaningOf(issue: Issue, path: Path, given: unknown, data: unknown): Meaning | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return isEmpty(given) ? NOTHING : read(ofType(issue.expected, given));
    case 'invalid_value':
      if (isEmpty(given)) return NOTHING;
      return typeof given === 'string' ? (read(word(given, issue.values)) ?? hint(path)) : undefined;
    case 'invalid_union':
      return isEmpty(given) ? NOTHING : read(asNumber(given) ?? word(given, ['LATEST']));
    case 'too_small':
      return isUnused(path, data) ? read(Number(issue.minimum)) : undefined;
    case 'too_big':
      return isUnused(path, data) ? read(Number(issue.maximum)) : undefined;
    default:
      return undefined;
  }
}
