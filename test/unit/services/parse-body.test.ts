import { parseBody } from '../../../src/services/executions/read/parse-body';

const parse = (text: string, contentType: string): Promise<unknown> =>
  parseBody(Buffer.from(text), contentType);

describe('a request body', () => {
  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/vnd.api+json',
    ' application/json ',
  ])('of type %p is parsed as JSON', async (contentType) => {
    expect(await parse('{"a": [1, "ü"]}', contentType)).toEqual({ a: [1, 'ü'] });
  });

  it('keeps JSON’s own types', async () => {
    const texts = ['5', 'null', 'false', '"text"', '[]'];
    expect(await Promise.all(texts.map((text) => parse(text, 'application/json')))).toEqual([
      5,
      null,
      false,
      'text',
      [],
    ]);
  });

  it('that is no JSON, though it says so, stays text for the flow to look at', async () => {
    expect(await parse('{"a": ', 'application/json')).toBe('{"a": ');
    expect(await parse('a=1&b=2', 'application/json')).toBe('a=1&b=2');
  });

  it.each([
    'text/plain',
    'text/xml; charset=utf-8',
    'application/xml',
    'application/soap+xml',
    'application/x-www-form-urlencoded',
    '',
  ])('of type %p is text, JSON or not', async (contentType) => {
    expect(await parse('{"a":1}', contentType)).toBe('{"a":1}');
  });

  it.each(['application/octet-stream', 'image/png', 'multipart/form-data; boundary=x', 'application/jsonx'])(
    'of type %p stays bytes',
    async (contentType) => {
      const body = Buffer.from([0, 255, 1]);
      expect(await parseBody(body, contentType)).toBe(body);
    },
  );

  it('with more than a million objects and lists stays text, whatever else it holds', async () => {
    const lists = (count: number) => `[${'[],'.repeat(count - 2)}[]]`;
    expect(await parse(lists(1_000_000), 'application/json')).toHaveLength(999_999);
    expect(typeof (await parse(lists(1_000_001), 'application/json'))).toBe('string');
    expect(await parse(`["${'['.repeat(2_000_000)}"]`, 'application/json')).toHaveLength(1);
  });

  it('that is empty is an empty text, or no bytes where bytes are meant', async () => {
    expect(await parse('', 'application/json')).toBe('');
    expect(await parse('', 'text/plain')).toBe('');
    expect(await parse('', '')).toBe('');
    expect(await parse('', 'image/png')).toEqual(Buffer.alloc(0));
  });

  describe('of a form with files', () => {
    const form = (parts: string[]) =>
      Buffer.from(`${parts.map((part) => `--XX\r\n${part}\r\n`).join('')}--XX--\r\n`);
    const parts = [
      'Content-Disposition: form-data; name="note"\r\n\r\nhällo',
      'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF',
      'Content-Disposition: form-data; name="tag"\r\n\r\none',
      'Content-Disposition: form-data; name="tag"\r\n\r\ntwo',
    ];

    it('is taken apart: text and bytes by name, a name that comes twice as a list', async () => {
      expect(await parseBody(form(parts), 'multipart/form-data; boundary=XX')).toEqual({
        note: { data: 'hällo', contentType: 'text/plain' },
        file: { data: Buffer.from('%PDF'), contentType: 'application/pdf', filename: 'a.pdf' },
        tag: [
          { data: 'one', contentType: 'text/plain' },
          { data: 'two', contentType: 'text/plain' },
        ],
      });
    });

    it('stays bytes when it is broken, has no boundary or too many fields', async () => {
      const body = form(parts);
      const cut = body.subarray(0, body.length - 30);
      expect(await parseBody(cut, 'multipart/form-data; boundary=XX')).toBe(cut);
      expect(await parseBody(body, 'multipart/form-data')).toBe(body);
      const many = form(Array.from({ length: 10_001 }, () => parts[0] ?? ''));
      expect(await parseBody(many, 'multipart/form-data; boundary=XX')).toBe(many);
    });

    it('cannot name a prototype', async () => {
      const body = form(['Content-Disposition: form-data; name="__proto__"\r\n\r\nx']);
      const parsed = (await parseBody(body, 'multipart/form-data; boundary=XX')) as object;
      expect(Object.keys(parsed)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    });
  });
});
