import type { Model, ProjectionType, QueryFilter } from 'mongoose';
import { z } from 'zod';
import { readPath } from '../engine/paths';
import { invalidField } from '../errors';

const MAX_PAGE = 100;

/** Fields of every list's input; `after` is a cursor, null or empty text the start. */
export const pageInput = z.object({
  first: z.int().min(1).max(MAX_PAGE).nullish().describe('Objects a page, 50 if not given.'),
  after: z.string().nullish().describe('Cursor of the object to go on behind.'),
});
export type PageInput = z.input<typeof pageInput>;

export interface Page<T> {
  nodes: T[];
  /** One for each node, in the same order. */
  cursors: string[];
  endCursor: string | null;
  hasNextPage: boolean;
  /** Counts all objects that the list's filter lets through, when asked. */
  totalCount?: () => Promise<number>;
}

type Scalar = string | number | Date;

/** One field of a list's order. The last field of an order must make it unique. */
export interface SortField {
  field: string;
  direction: 1 | -1;
  type: 'string' | 'number' | 'date';
}

export interface PageQuery<T> {
  model: Model<T>;
  filter: QueryFilter<T>;
  sort: SortField[];
  page: PageInput;
  projection?: ProjectionType<T>;
}

/** The first cursor of definitions that count from 0; an empty one is the start as well. */
const START = '0';

/** Reads one page of a collection; see {@link pageOf}. */
export function readPage<T>({ model, filter, sort, page, projection }: PageQuery<T>): Promise<Page<T>> {
  return pageOf<T>({
    sort,
    page,
    read: ({ conditions, order, limit }) =>
      model
        .find({ $and: [filter, ...conditions] } as QueryFilter<T>, projection)
        .sort(Object.fromEntries(order))
        .limit(limit)
        .lean<T[]>(),
    count: () => model.countDocuments(filter).exec(),
  });
}

export interface PageSource<T> {
  sort: SortField[];
  page: PageInput;
  /** Reads up to `limit` objects that fulfil the conditions, in that order: those behind the sort values `after`. */
  read: (part: {
    conditions: Record<string, unknown>[];
    after: Scalar[] | null;
    order: [string, 1 | -1][];
    limit: number;
  }) => Promise<T[]>;
  count: () => Promise<number>;
}

/**
 * Reads one page by keyset: a cursor holds the sort values of its object, so that a page neither repeats nor
 * skips objects when others come or go meanwhile. Throws `invalid_input` for a cursor of another list.
 */
export async function pageOf<T>({ sort, page, read, count }: PageSource<T>): Promise<Page<T>> {
  const size = page.first ?? 50;
  const after = page.after && page.after !== START ? decodeCursor(sort, page.after) : null;
  const found = await read({
    conditions: after ? [behind(sort, after)] : [],
    after,
    order: sort.map(({ field, direction }) => [field, direction]),
    limit: size + 1,
  });
  const nodes = found.slice(0, size);
  const cursors = nodes.map((node) => encodeCursor(sort, node as Record<string, unknown>));
  const endCursor = cursors.at(-1) ?? null;
  return { nodes, cursors, endCursor, hasNextPage: found.length > size, totalCount: count };
}

/** The page with each node replaced. */
export function mapPage<A, B>(page: Page<A>, change: (node: A) => B): Page<B> {
  return { ...page, nodes: page.nodes.map(change) };
}

/** The condition that only objects behind `values` in the order fulfil. */
function behind(sort: SortField[], values: Scalar[]): Record<string, unknown> {
  const alternatives = sort.map(({ field, direction }, at) => {
    const equal = sort.slice(0, at).map((earlier, i) => [earlier.field, values[i]]);
    return { ...Object.fromEntries(equal), [field]: { [direction === 1 ? '$gt' : '$lt']: values[at] } };
  });
  return { $or: alternatives };
}

const signature = (sort: SortField[]) => sort.map(({ field, direction }) => `${direction}${field}`).join();

function encodeCursor(sort: SortField[], node: Record<string, unknown>): string {
  const values = sort.map(({ field }) => {
    const value = readPath(node, field.split('.')) ?? '';
    return value instanceof Date ? value.getTime() : value;
  });
  return Buffer.from(JSON.stringify([signature(sort), ...values])).toString('base64url');
}

function decodeCursor(sort: SortField[], cursor: string): Scalar[] {
  const refused = invalidField(
    'after',
    'This cursor is not one of this list: send the `endCursor` of its page.',
  );
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw refused;
  }
  if (!Array.isArray(content) || content.length !== sort.length + 1) throw refused;
  if (content[0] !== signature(sort)) throw refused;
  return sort.map(({ type }, at) => {
    const value: unknown = content[at + 1];
    if (typeof value !== (type === 'string' ? 'string' : 'number')) throw refused;
    if (type !== 'date') return value as string | number;
    const date = new Date(value as number);
    if (Number.isNaN(date.getTime())) throw refused;
    return date;
  });
}
