/** A bracket's content and the position behind it; nothing when the bracket is not closed. */
function readBracket(text: string, open: number): { segment: string; next: number } | undefined {
  let at = open + 1;
  while (text[at] === ' ') at++;
  const quote = text[at];
  if (quote !== '"' && quote !== "'") {
    const close = text.indexOf(']', at);
    return close < 0 ? undefined : { segment: text.slice(at, close).trim(), next: close + 1 };
  }
  let segment = '';
  for (at++; at < text.length && text[at] !== quote; at++) {
    if (text[at] === '\\' && at + 1 < text.length) at++;
    segment += text[at];
  }
  at++;
  while (text[at] === ' ') at++;
  return text[at] === ']' ? { segment, next: at + 1 } : undefined;
}

/**
 * Splits a reference such as `hook.results.body.data[0].[".tag"].X-Id` at dots and brackets outside quotes. Spaces
 * and hyphens belong to a segment, empty segments fall away, a bracket that is never closed is plain text.
 */
export function splitPath(text: string): string[] {
  const source = text.trim();
  const closes = source.lastIndexOf(']');
  const segments: string[] = [];
  let segment = '';
  const finish = () => {
    if (segment !== '') segments.push(segment);
    segment = '';
  };
  let at = 0;
  while (at < source.length) {
    const character = source[at];
    // Behind the last "]" no bracket can close; looking for one each time would make hostile text quadratic.
    const bracket = character === '[' && at < closes ? readBracket(source, at) : undefined;
    if (bracket !== undefined) {
      finish();
      segment = bracket.segment;
      finish();
      at = bracket.next;
      continue;
    }
    if (character === '.') finish();
    else segment += character;
    at++;
  }
  finish();
  return segments;
}
