import type { z } from 'zod';
import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { LIMITS } from './limits';
import { entryAt } from './mapping';
import { type Meaning, meaningOf } from './meaning';
import { didYouMean } from './nearest';
import { type Definition, DefinitionSchema } from './schema';

type Issue = z.core.$ZodIssue;

const NOUNS: Record<string, string> = {
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

const FALLBACKS: Record<string, () => unknown> = {
  string: () => '',
  boolean: () => false,
  int: () => 0,
  number: () => 0,
  array: () => [],
  object: () => ({}),
  record: () => ({}),
};

/** A value in words, for messages: `the number 5`, `a list`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return `the text "${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  return typeof value === 'number' ? `the number ${value}` : JSON.stringify(value);
}

const valueAt = (data: unknown, path: Path): unknown => path.reduce<unknown>(entryAt, data);

const pathOf = (issue: Issue): Path =>
  issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));

const placeName = (path: Path): string => {
  const last = path.at(-1);
  return typeof last === 'number' ? `entry ${last + 1} of "${String(path.at(-2))}"` : `"${String(last)}"`;
};

function limitOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.code === 'too_big')
    return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
  return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
}

function reportIssue(issue: Issue, data: unknown, faults: FaultList): void {
  const path = pathOf(issue);
  const given = valueAt(data, path);
  const place = placeName(path);
  if (given === undefined && issue.code !== 'too_small') {
    const hint = `Add ${place}${issue.code === 'invalid_type' ? `: ${NOUNS[issue.expected] ?? issue.expected}` : ''}.`;
    faults.error('missing_key', path, `The key ${place} is missing.`, hint);
  } else if (issue.code === 'invalid_type') {
    const noun = NOUNS[issue.expected] ?? issue.expected;
    const message = `${place} must be ${noun}, not ${describeValue(given)}.`;
    faults.error('wrong_type', path, message, `Give ${place} as ${noun}.`);
  } else if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    const message = `${place} cannot be ${describeValue(given)}.`;
    faults.error('unknown_value', path, message, () => didYouMean(String(given), known));
  } else if (issue.code === 'too_small' || issue.code === 'too_big') {
    faults.error('out_of_range', path, `${place} is ${String(given)}.`, `It must be ${limitOf(issue)}.`);
  } else {
    // The one union of the language is a component's version.
    faults.error(
      'wrong_type',
      path,
      `${place} cannot be ${describeValue(given)}.`,
      'Give a whole number or LATEST.',
    );
  }
}

/** Warns of a value of a wrong kind that can mean one thing only. */
function reportMeant(path: Path, given: unknown, meant: unknown, faults: FaultList): void {
  const place = placeName(path);
  if (typeof meant === 'string' && typeof given !== 'string') {
    const message = `${place} is text; ${describeValue(given)} is read as "${meant}".`;
    faults.warning('unquoted_value', path, message, `Write it in quotes: "${meant}".`);
    return;
  }
  const message = `${place} is ${describeValue(given)}, which is read as ${String(meant)}.`;
  faults.warning('odd_value', path, message, `Write ${String(meant)}.`);
}

/** Warns of a word that is not known where it says nothing that a run depends on. */
function reportHint(issue: Issue, path: Path, given: unknown, faults: FaultList): void {
  const known = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const message = `${placeName(path)} is ${describeValue(given)}, which is not known; it has no effect.`;
  faults.warning('unknown_value', path, message, () => didYouMean(String(given), known));
}

function fallback(issue: Issue): unknown {
  if (issue.code === 'invalid_type') return FALLBACKS[issue.expected]?.();
  if (issue.code === 'invalid_value') return issue.values[0];
  if (issue.code === 'too_small')
    return issue.inclusive === false ? Number(issue.minimum) + 1 : issue.minimum;
  if (issue.code === 'too_big') return issue.maximum;
  return undefined;
}

function repair(data: unknown, issue: Issue, value: unknown): void {
  const parent = valueAt(data, pathOf(issue).slice(0, -1));
  const last = issue.path.at(-1);
  if (typeof parent !== 'object' || parent === null || last === undefined) return;
  Object.assign(parent, { [last]: value });
}

/**
 * A missing object brings its missing keys to light one level at a time, and a value that was read as another kind its
 * range; no shape has more levels than this.
 */
const ROUNDS = 8;

interface Found {
  issue: Issue;
  path: Path;
  given: unknown;
  /** Undefined where the place is broken. */
  meaning: Meaning | undefined;
}

function report({ issue, path, given, meaning }: Found, data: unknown, faults: FaultList): void {
  if (meaning === undefined) reportIssue(issue, data, faults);
  else if (meaning.kind === 'read') reportMeant(path, given, meaning.value, faults);
  else if (meaning.kind === 'hint') reportHint(issue, path, given, faults);
}

/**
 * Reads plain data as a definition and reports all that is missing or of a wrong type. Values that can mean one thing
 * only are read as that, with a warning; other wrong places are filled with neutral values (changing `data`) and marked
 * as broken, so that everything else can still be checked.
 */
export function readShape(data: unknown, faults: FaultList): Definition | undefined {
  for (let round = 0; round < ROUNDS; round++) {
    const result = DefinitionSchema.safeParse(data);
    if (result.success) return result.data;
    const found = result.error.issues.map((issue): Found => {
      const path = pathOf(issue);
      const given = valueAt(data, path);
      return { issue, path, given, meaning: meaningOf(issue, path, given, data) };
    });
    // All first: what two places share by an alias is repaired in both at once.
    for (const one of found) report(one, data, faults);
    if (round === 0 && found.length > LIMITS.shapeFaults) return undefined;
    for (const { issue, path, meaning } of found) {
      if (meaning === undefined) faults.markBroken(path);
      repair(data, issue, meaning === undefined ? fallback(issue) : meaning.value);
    }
  }
  return undefined;
}
