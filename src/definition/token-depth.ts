import type { CST } from 'yaml';

type Nested = { token: CST.Token; depth: number };

function inner(token: CST.Token): (CST.Token | null | undefined)[] {
  switch (token.type) {
    case 'document':
      return [token.value];
    case 'block-map':
    case 'block-seq':
    case 'flow-collection':
      return token.items.flatMap((item) => [item.key, item.value]);
    default:
      return [];
  }
}

/** The offset of the first collection that is nested deeper than `limit`; nothing when there is none. */
export function tokenDepth(tokens: readonly CST.Token[], limit: number): number | undefined {
  const open: Nested[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const depth = next.depth + (next.token.type === 'document' ? 0 : 1);
    const children = inner(next.token);
    if (children.length > 0 && depth > limit) return next.token.offset;
    for (const token of children) if (token) open.push({ token, depth });
  }
  return undefined;
}
