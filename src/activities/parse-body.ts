/**
 * A request body as triggers get it: JSON parsed, text as text, anything else as bytes. JSON that does not
 * parse stays text, so that the flow can say what is wrong with it.
 */
export function parseBody(body: Buffer, contentType: string): unknown {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return isText(type) || isJson(type) ? '' : Buffer.alloc(0);
  if (isJson(type)) return parseJson(body.toString('utf8'));
  return isText(type) ? body.toString('utf8') : body;
}

const isJson = (type: string): boolean => type === 'application/json' || type.endsWith('+json');
const isText = (type: string): boolean =>
  type === '' ||
  type.startsWith('text/') ||
  type === 'application/xml' ||
  type.endsWith('+xml') ||
  type === 'application/x-www-form-urlencoded';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
