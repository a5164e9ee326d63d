import { z } from 'zod';

/** Path of an operation on one object. */
export const idParams = z.strictObject({
  id: z.uuid('Give the bare UUID of the object.').describe('Id, a UUID.'),
});

/** Query fields of every list. */
export const pageQuery = z.strictObject({
  first: z.coerce.number().int().min(1).max(100).default(50).describe('Items in a page.'),
  after: z.string().min(1).optional().describe('`endCursor` of the page before.'),
});

/** `true` or `false` in a query. */
export const flagQuery = z.enum(['true', 'false']).transform((text) => text === 'true');

/** One page of a list. `endCursor` stays valid: it finds what is added behind it later. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    endCursor: z.string().nullable().describe('Send it as `after` to get the next page.'),
    hasNextPage: z.boolean(),
  });
}

/** The answer of {@link pageOf} from a service's page. */
export function presentPage<N, V>(
  page: { nodes: N[]; endCursor: string | null; hasNextPage: boolean },
  present: (node: N) => V,
): { items: V[]; endCursor: string | null; hasNextPage: boolean } {
  return { items: page.nodes.map(present), endCursor: page.endCursor, hasNextPage: page.hasNextPage };
}

export const id = z.uuid();
export const time = z.iso.datetime();

/** ISO 8601 text of a stored time. */
export function timeText(date: Date): string {
  return new Date(date).toISOString();
}

/** The same for a time that may not have come yet. */
export function timeTextOrNull(date: Date | null | undefined): string | null {
  return date ? timeText(date) : null;
}
