import { parseBody } from '../../../src/activities/parse-body';

const parse = (text: string, contentType: string): unknown => parseBody(Buffer.from(text), contentType);

describe('a request body', () => {
  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/vnd.api+json',
    ' application/json ',
  ])('of type %p is parsed as JSON', (contentType) => {
    expect(parse('{"a": [1, "ü"]}', contentType)).toEqual({ a: [1, 'ü'] });
  });

  it('keeps JSON’s own types', () => {
    expect(['5', 'null', 'false', '"text"', '[]'].map((text) => parse(text, 'application/json'))).toEqual([
      5,
      null,
      false,
      'text',
      [],
    ]);
  });

  it('that is no JSON, though it says so, stays text for the flow to look at', () => {
    expect(parse('{"a": ', 'application/json')).toBe('{"a": ');
    expect(parse('a=1&b=2', 'application/json')).toBe('a=1&b=2');
  });

  it.each([
    'text/plain',
    'text/xml; charset=utf-8',
    'application/xml',
    'application/soap+xml',
    'application/x-www-form-urlencoded',
    '',
  ])('of type %p is text, JSON or not', (contentType) => {
    expect(parse('{"a":1}', contentType)).toBe('{"a":1}');
  });

  it.each(['application/octet-stream', 'image/png', 'multipart/form-data; boundary=x', 'application/jsonx'])(
    'of type %p stays bytes',
    (contentType) => {
      const body = Buffer.from([0, 255, 1]);
      expect(parseBody(body, contentType)).toBe(body);
    },
  );

  it('with more than a million objects and lists stays text, whatever else it holds', () => {
    const lists = (count: number) => `[${'[],'.repeat(count - 2)}[]]`;
    expect(parse(lists(1_000_000), 'application/json')).toHaveLength(999_999);
    expect(typeof parse(lists(1_000_001), 'application/json')).toBe('string');
    expect(parse(`["${'['.repeat(2_000_000)}"]`, 'application/json')).toHaveLength(1);
  });

  it('that is empty is an empty text, or no bytes where bytes are meant', () => {
    expect(parse('', 'application/json')).toBe('');
    expect(parse('', 'text/plain')).toBe('');
    expect(parse('', '')).toBe('');
    expect(parse('', 'image/png')).toEqual(Buffer.alloc(0));
  });
});
