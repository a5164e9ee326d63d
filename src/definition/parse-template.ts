import type { PlanTemplatePart } from '../engine/plan';
import { splitPath } from './split-path';

/** Where the first character other than white space stands, from `start` on. */
function sigilAt(text: string, start: number): number {
  const space = /\s*/y;
  space.lastIndex = start;
  space.test(text);
  return space.lastIndex;
}

function readPlaceholder(content: string): Exclude<PlanTemplatePart, { kind: 'text' }> | undefined {
  if (!content.startsWith('$') && !content.startsWith('#')) return undefined;
  const name = content.slice(1).trim();
  if (name === '') return undefined;
  if (content.startsWith('#')) return { kind: 'configVar', key: name };
  const path = splitPath(name);
  return path.length === 0 ? undefined : { kind: 'reference', path };
}

/**
 * Splits a template at its placeholders: `{{$path}}` is a reference, `{{#name}}` a config variable; the name is
 * everything up to `}}`, trimmed. White space in front of `$` and `#` is skipped. All other text is literal, also a
 * placeholder without a name or an end.
 */
export function parseTemplate(text: string): PlanTemplatePart[] {
  const parts: PlanTemplatePart[] = [];
  let literal = '';
  let at = 0;
  let close = -1;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    if (open < 0) break;
    if (close < open + 2) close = text.indexOf('}}', open + 2);
    if (close < 0) break;
    const part = readPlaceholder(text.slice(sigilAt(text, open + 2), close));
    if (part === undefined) {
      // One brace further only: in "{{{$a.results}}" the placeholder begins at the second brace.
      literal += text.slice(at, open + 1);
      at = open + 1;
      continue;
    }
    literal += text.slice(at, open);
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push(part);
    at = close + 2;
  }
  literal += text.slice(at);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return parts;
}
