import busboy from 'busboy';

/** A field of a form; a file has its name too. */
export interface FormField {
  data: string | Buffer;
  contentType: string;
  filename?: string;
}

/** More than any real form has; each field costs an object. */
const MOST_FIELDS = 10_000;

/**
 * Takes a `multipart/form-data` body (RFC 7578) apart: each field by its name, a name that comes several times as a
 * list. Text without a file name is text, anything else bytes. Undefined when it is broken or has too many fields.
 */
export function parseMultipart(
  body: Buffer,
  contentType: string,
): Promise<Record<string, FormField | FormField[]> | undefined> {
  return new Promise((resolve) => {
    const fields = new Map<string, FormField[]>();
    const add = (name: string, field: FormField): void => {
      fields.set(name, [...(fields.get(name) ?? []), field]);
    };
    const broken = (): void => resolve(undefined);
    try {
      const limits = { parts: MOST_FIELDS, fieldSize: body.length, fileSize: body.length + 1 };
      const parser = busboy({ headers: { 'content-type': contentType }, limits, defParamCharset: 'utf8' });
      parser.on('field', (name, data, { mimeType }) => add(name, { data, contentType: mimeType }));
      parser.on('file', (name, stream, { filename, mimeType }) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('error', broken);
        stream.on('end', () => add(name, { data: Buffer.concat(pieces), contentType: mimeType, filename }));
      });
      parser.on('partsLimit', broken);
      parser.on('error', broken);
      parser.on('close', () => resolve(byName(fields)));
      parser.end(body);
    } catch {
      // A content type without a boundary.
      broken();
    }
  });
}

function byName(fields: Map<string, FormField[]>): Record<string, FormField | FormField[]> {
  return Object.fromEntries(
    [...fields].map(([name, all]) => [name, all.length === 1 && all[0] ? all[0] : all]),
  );
}
