import Papa from 'papaparse';

/**
 * The rows of CSV text, each a list of cells; empty lines are left out. An empty delimiter is found from the text.
 * Throws, with the name of the input and the row, when quotes do not match.
 */
export function readRows(label: string, text: string, delimiter: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimiter,
    header: false,
    skipEmptyLines: true,
  });
  const fault = errors.find(({ type }) => type === 'Quotes');
  if (fault === undefined) return data;
  const place = fault.row === undefined ? '' : ` in row ${fault.row + 1}`;
  throw new Error(`${label} is no valid CSV: ${fault.message}${place}.`);
}

/**
 * CSV text of rows that are objects (their keys are the columns, of all rows together) or lists of cells. Throws
 * when the rows are of neither kind or of both.
 */
export function writeRows(
  label: string,
  rows: unknown[],
  { delimiter, header }: { delimiter: string; header: boolean },
): string {
  const options = { delimiter, newline: '\n', header };
  if (rows.every(Array.isArray)) {
    const lists = rows as unknown[][];
    return Papa.unparse(
      lists.map((cells) => cells.map(toCell)),
      options,
    );
  }
  if (!rows.every(isRecord))
    throw new Error(`${label} must be a list of objects, or a list of lists of cells.`);
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const data = rows.map((row) => fields.map((field) => toCell(row[field])));
  return Papa.unparse({ fields, data }, options);
}

/** What is no text or number is written as JSON, a date as ISO text, nothing as nothing. */
function toCell(value: unknown): unknown {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
