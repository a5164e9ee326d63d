import fc from 'fast-check';
import { parseBody } from '../../../src/services/executions/read/parse-body';

const BOUNDARY = 'XX';
const contentType = fc.oneof(
  fc.constantFrom(
    'application/json',
    'text/plain; charset=utf-8',
    'application/x-www-form-urlencoded',
    `multipart/form-data; boundary=${BOUNDARY}`,
    'multipart/form-data',
    'application/octet-stream',
    '',
  ),
  fc.string(),
);

/** Pieces of which forms and JSON are made, in any order: most of them are broken. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        `--${BOUNDARY}\r\n`,
        `--${BOUNDARY}--\r\n`,
        'Content-Disposition: form-data; name="a"\r\n',
        'Content-Disposition: form-data; name="__proto__"; filename="x"\r\n',
        "Content-Disposition: form-data; name*=utf-8''%\r\n",
        'Content-Type: application/json\r\n',
        'Content-Transfer-Encoding: base64\r\n',
        '\r\n',
        '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
        '[[[[',
        '"\\ud800"',
      ),
      fc.string(),
    ),
    { maxLength: 30 },
  )
  .map((all) => Buffer.from(all.join('')));

const body = fc.oneof(
  pieces,
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
);

describe('any body of any content type', () => {
  it('becomes a value within a second, without touching a prototype', async () => {
    await fc.assert(
      fc.asyncProperty(body, contentType, async (bytes, type) => {
        const startedMs = performance.now();
        const parsed = await parseBody(bytes, type);
        expect(performance.now() - startedMs).toBeLessThan(1000);
        expect(parsed === undefined).toBe(false);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('JSON of any shape comes back as JSON.parse reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const text = JSON.stringify(value);
        expect(await parseBody(Buffer.from(text), 'application/json')).toEqual(JSON.parse(text));
      }),
    );
  });

  it('a form of any fields comes back with each of them', async () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.stringMatching(/^[ -~]{0,40}$/)), async (fields) => {
        const parts = Object.entries(fields).map(
          ([key, text]) =>
            `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${text}\r\n`,
        );
        const bytes = Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`);
        const parsed = await parseBody(bytes, `multipart/form-data; boundary=${BOUNDARY}`);
        if (parts.length === 0) return;
        expect(parsed).toEqual(
          Object.fromEntries(
            Object.entries(fields).map(([key, data]) => [key, { data, contentType: 'text/plain' }]),
          ),
        );
      }),
    );
  });
});
