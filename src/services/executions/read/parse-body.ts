import { parseMultipart } from './parse-multipart';

/**
 * A request body as triggers get it: JSON parsed, text as text, a form with files as its fields, anything else as
 * bytes. JSON that does not parse, or is beyond the limits, stays text, so that the flow can say what is wrong
 * with it; a broken form stays bytes.
 */
export async function parseBody(body: Buffer, contentType: string): Promise<unknown> {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return isText(type) || isJson(type) ? '' : Buffer.alloc(0);
  if (isJson(type)) return parseJson(body.toString('utf8'));
  if (type === 'multipart/form-data') return (await parseMultipart(body, contentType)) ?? body;
  return isText(type) ? body.toString('utf8') : body;
}

const isJson = (type: string): boolean => type === 'application/json' || type.endsWith('+json');
const isText = (type: string): boolean =>
  type === '' ||
  type.startsWith('text/') ||
  type === 'application/xml' ||
  type.endsWith('+xml') ||
  type === 'application/x-www-form-urlencoded';

/** Character codes of JSON's punctuation. */
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Deeper than any real payload; values beyond it overflow the stack of what copies and stores them. */
const MAX_DEPTH = 200;
/** Objects and lists of a payload: more take many times the room of their text, and no step could hand them on. */
const MAX_CONTAINERS = 1_000_000;

function parseJson(text: string): unknown {
  if (isBeyondLimits(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Counts brackets outside of strings; the text need not be valid. */
function isBeyondLimits(text: string): boolean {
  let depth = 0;
  let containers = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (isInString) {
      if (char === BACKSLASH) at += 1;
      else if (char === QUOTE) isInString = false;
    } else if (char === QUOTE) isInString = true;
    else if (char === OPEN_LIST || char === OPEN_OBJECT) {
      depth += 1;
      containers += 1;
      if (depth > MAX_DEPTH || containers > MAX_CONTAINERS) return true;
    } else if (char === CLOSE_LIST || char === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}
