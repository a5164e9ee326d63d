import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from './search-attribute-keys';

const { IndexedValueType } = temporal.api.enums.v1;
const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  KEYWORD_LIST: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
  TEXT: IndexedValueType.INDEXED_VALUE_TYPE_TEXT,
} as const;

const WANTED = Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => ({
  name,
  type: TYPES[type as keyof typeof TYPES],
}));

/**
 * Creates the search attributes that are missing and checks the types of those that are there: the server
 * accepts an existing name with another type without a word, and searches would then fail. Throws one error that
 * names every attribute of another type.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { operatorService } = connection;
  const present = (await operatorService.listSearchAttributes({ namespace })).customAttributes ?? {};
  const missing = WANTED.filter(({ name }) => !present[name]);
  const wrong = WANTED.filter(({ name, type }) => present[name] && present[name] !== type);
  if (wrong.length > 0) throw new Error(refusal(namespace, wrong, present));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, type]));
  await operatorService.addSearchAttributes({ namespace, searchAttributes });
}

function refusal(namespace: string, wrong: typeof WANTED, present: Record<string, number | null>): string {
  const faults = wrong.map(
    ({ name, type }) => `${name} is ${nameOf(present[name])}, ${nameOf(type)} is wanted`,
  );
  return (
    `Search attributes of Temporal's namespace '${namespace}' have other types than Tenon's: ${faults.join('; ')}. ` +
    `Remove them (temporal operator search-attribute remove --namespace ${namespace} ` +
    `${wrong.map(({ name }) => `--name ${name}`).join(' ')}) or use another namespace, and start again.`
  );
}

/** `Keyword`, `KeywordList` …, as Temporal's tools call them. */
function nameOf(type: number | null | undefined): string {
  const words = (IndexedValueType[type ?? 0] ?? '')
    .replace('INDEXED_VALUE_TYPE_', '')
    .toLowerCase()
    .split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
