import { readRows, writeRows } from '../csv/csv-text';
import { textOf } from './data';
import { flattenKeys, unflattenKeys } from './nested-keys';
import type { Written } from './written';

export interface CsvOptions {
  /** Whether the first row names the columns. */
  csvHeader: boolean;
  unFlattenCsvKeys: boolean;
}

/** CSV text as a list: of objects by column, or of lists of cells without a header. The separator is recognized. */
export function readCsv(data: unknown, { csvHeader, unFlattenCsvKeys }: CsvOptions): unknown[] {
  const rows = readRows('Data', textOf('Data', data), '');
  if (!csvHeader) return rows;
  const [header = [], ...body] = rows;
  const names = uniqueNames(header);
  const objects = body.map((cells) =>
    Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''] as const)),
  );
  return unFlattenCsvKeys ? objects.map(unflattenKeys) : objects;
}

/** A list of objects as CSV text with a header; nested values get columns of their own. */
export function writeCsv(value: unknown): Written {
  const list = Array.isArray(value) ? value : tableIn(value);
  const rows = list.map((item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? flattenKeys(item as Record<string, unknown>)
      : (item as unknown),
  );
  return { data: writeRows('Data', rows, { delimiter: ',', header: true }), contentType: 'text/csv' };
}

/** Of an object that holds nothing but lists at its end, as XML documents do, that list; else the object as one row. */
function tableIn(value: unknown): unknown[] {
  let at: unknown = value;
  while (typeof at === 'object' && at !== null && !Array.isArray(at)) {
    const inner = Object.values(at);
    if (inner.length !== 1 || typeof inner[0] !== 'object' || inner[0] === null) break;
    at = inner[0];
  }
  return Array.isArray(at) ? at : [at];
}

/** Each column its own name: later ones of the same get a number. */
function uniqueNames(header: string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((name) => {
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}
