import { type CST, Lexer } from 'yaml';
import { LIMITS } from './limits';

/** A limit that a text breaks, and the offset where it does. */
export interface BrokenLimit {
  limit: 'characters' | 'lexemes' | 'depth';
  offset: number;
}

/** Looks at the bare text, before anything is built from it. */
export function textLimits(text: string): BrokenLimit | undefined {
  if (text.length > LIMITS.characters) return { limit: 'characters', offset: 0 };
  let lexemes = 0;
  let depth = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > LIMITS.lexemes) return { limit: 'lexemes', offset };
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    if (depth > LIMITS.depth) return { limit: 'depth', offset };
    // Lexemes of one control character mark what follows and take no room in the text.
    if (!MARKS.has(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

const MARKS = new Set(['\u0002', '\u0018', '\u001f']);

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

/** The same for indented collections, which only the tokens show. */
export function tokenLimits(tokens: readonly CST.Token[]): BrokenLimit | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const depth = next.depth + (next.token.type === 'document' ? 0 : 1);
    const children = inner(next.token);
    if (children.length > 0 && depth > LIMITS.depth) return { limit: 'depth', offset: next.token.offset };
    for (const token of children) if (token) open.push({ token, depth });
  }
  return undefined;
}
