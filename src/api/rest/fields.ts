import { z } from 'zod';

const GLOBAL_ID = /^\w+:([0-9a-f-]{36})$/;

/** The UUID in an id of the GraphQL and webhook doors, so that an id from there is understood here. */
function bareId(given: string): string {
  return GLOBAL_ID.exec(Buffer.from(given, 'base64').toString('latin1'))?.[1] ?? given;
}

/** An id in a query. */
export const anyId = z
  .string()
  .transform(bareId)
  .pipe(z.uuid('Give the UUID of the object, or its id as GraphQL and webhooks give it.'));

/** An id in a body; whether there is such an object, its service says. */
export const bodyId = z.string().transform(bareId);

/** Path of an operation on one object. */
export const idParams = z.strictObject({ id: anyId.describe('A UUID, or the id of the GraphQL door.') });

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
