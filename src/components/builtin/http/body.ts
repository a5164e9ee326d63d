import { cleanText, isBinary, isTypedText } from '../clean-input';

/** A request body as it is sent; `contentType` unless the author names one. */
export interface RequestBody {
  payload: Uint8Array | string | FormData | undefined;
  contentType?: string;
}

/** Bytes as they are, text as text, everything else as JSON. */
export function toRequestBody(data: unknown): RequestBody {
  if (data === undefined || data === null || data === '') return { payload: undefined };
  if (data instanceof Uint8Array) return { payload: data, contentType: 'application/octet-stream' };
  if (isBinary(data))
    return { payload: data.data, contentType: data.contentType ?? 'application/octet-stream' };
  if (isTypedText(data)) return { payload: data.data, contentType: data.contentType };
  if (typeof data !== 'string') return { payload: JSON.stringify(data), contentType: 'application/json' };
  return { payload: data, contentType: textType(data) };
}

/** A multipart form; it sets its own content type, with the boundary. */
export function toFormBody(
  fields: Record<string, string>,
  files: { key: string; value: unknown }[],
  fileNames: Record<string, string>,
): RequestBody {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { key, value } of files) {
    const { data, contentType } = isBinary(value) ? value : { data: bytesOf(value), contentType: undefined };
    const blob = new Blob([new Uint8Array(data)], contentType === undefined ? {} : { type: contentType });
    form.append(key, blob, fileNames[key] ?? key);
  }
  return { payload: form };
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(cleanText(value));
}

function textType(text: string): string {
  if (/^\s*[{[]/.test(text)) {
    try {
      JSON.parse(text);
      return 'application/json';
    } catch {
      // Text that only begins like JSON.
    }
  }
  return /^[^\s=&]+=[^\s]*$/.test(text) ? 'application/x-www-form-urlencoded' : 'text/plain';
}
