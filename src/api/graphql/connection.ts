import { invalidField } from '../../errors';
import { type Page, type PageInput, pageInput } from '../../services/paging';
import { parseInput } from '../../services/parse-input';

/** Arguments of every paged field. */
export type PageArgs = Pick<PageInput, 'first' | 'after'>;

/** A page as the SDL's connections have it. */
export function connectionOf<T>(page: Page<T>) {
  return {
    nodes: page.nodes,
    edges: page.nodes.map((node, at) => ({ node, cursor: page.cursors[at] ?? '' })),
    pageInfo: { hasNextPage: page.hasNextPage, endCursor: page.endCursor },
    totalCount: () => page.totalCount?.() ?? page.nodes.length,
  };
}

/** A whole list as one page. */
export function wholeList<T>(items: readonly T[]) {
  const cursors = items.map((_, at) => cursorAt(at));
  return connectionOf({ nodes: [...items], cursors, endCursor: cursors.at(-1) ?? null, hasNextPage: false });
}

/** One page of a short list that is in memory already. Throws `invalid_input` for a cursor of another list. */
export function listConnection<T>(items: readonly T[], args: PageArgs) {
  const { first, after } = parseInput(pageInput, { first: args.first, after: args.after });
  const start = after ? indexOf(after) + 1 : 0;
  const nodes = items.slice(start, start + (first ?? 50));
  const cursors = nodes.map((_, at) => cursorAt(start + at));
  return connectionOf({
    nodes,
    cursors,
    endCursor: cursors.at(-1) ?? null,
    hasNextPage: start + nodes.length < items.length,
    totalCount: () => Promise.resolve(items.length),
  });
}

const CURSOR_PREFIX = 'at:';

function cursorAt(index: number): string {
  return Buffer.from(`${CURSOR_PREFIX}${index}`).toString('base64url');
}

function indexOf(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const index = text.startsWith(CURSOR_PREFIX) ? Number(text.slice(CURSOR_PREFIX.length)) : -1;
  if (Number.isInteger(index) && index >= 0) return index;
  throw invalidField('after', 'This cursor is not one of this list: send the `endCursor` of its page.');
}
