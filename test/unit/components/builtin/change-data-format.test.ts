import format from '../../../../src/components/builtin/change-data-format';
import { callAction } from './call-component';

const call = callAction(format);
const XML_OPTIONS = { numbersAsStrings: 'false' };
const CSV_OPTIONS = { csvHeader: 'true', unFlattenCsvKeys: 'false' };
const file = (text: string, contentType = 'text/plain') => ({ data: Buffer.from(text), contentType });

it('has every conversion', () => {
  expect(Object.keys(format.actions)).toHaveLength(30);
});

describe('single values', () => {
  it.each([
    ['convertToBoolean', 'Yes', true],
    ['convertToBoolean', 0, false],
    ['convertToBoolean', '', false],
    ['convertToInt', '12.9', 12],
    ['convertToInt', -3.7, -3],
    ['convertToNumber', ' 1e3 ', 1000],
    ['convertToNumber', Buffer.from('0.5'), 0.5],
    ['convertToString', { a: 1 }, '{"a":1}'],
    ['convertToString', file('ä'), 'ä'],
    ['convertToString', 5, '5'],
  ])('%s of %j', async (key, value, expected) => {
    expect(await call(key, { value })).toEqual({ data: expected });
  });

  it.each([
    ['convertToBoolean', 'perhaps', 'The value cannot be converted to true or false: "perhaps".'],
    ['convertToNumber', '', 'The value cannot be converted to a number: "".'],
    ['convertToInt', '1,5', 'The value cannot be converted to a number: "1,5".'],
  ])('%s refuses %j', async (key, value, message) => {
    await expect(call(key, { value })).rejects.toThrow(message);
  });
});

describe('JSON', () => {
  it('is read from text, bytes and files; values that were read already pass', async () => {
    for (const data of ['{"a":[1]}', Buffer.from('{"a":[1]}'), file('\uFEFF{"a":[1]}'), { a: [1] }])
      expect(await call('deserializeFromJson', { data })).toEqual({ data: { a: [1] } });
    await expect(call('deserializeFromJson', { data: '{a:1}' })).rejects.toThrow(/^Data is no JSON: /);
    await expect(call('deserializeFromJson', { data: '' })).rejects.toThrow('Data is empty.');
  });

  it('is written, plain or for people', async () => {
    const contentType = 'application/json';
    expect(await call('binaryToJson', { data: { a: 1 } })).toEqual({ data: '{"a":1}', contentType });
    expect(await call('prettyPrint', { data: '{"a":1}' })).toEqual({ data: '{\n  "a": 1\n}', contentType });
  });

  it('is read and written line by line', async () => {
    expect(await call('deserializeJsonl', { jsonlData: '{"a":1}\r\n\n[2]\n' })).toEqual({
      data: [{ a: 1 }, [2]],
    });
    await expect(call('deserializeJsonl', { jsonlData: '1\n{' })).rejects.toThrow(/no JSON on line 2/);
    expect((await call('serializeJsonl', { data: [{ a: 1 }, null] }))['data']).toBe('{"a":1}\nnull');
    await expect(call('serializeJsonl', { data: { a: 1 } })).rejects.toThrow(/must be a list/);
  });
});

describe('XML', () => {
  const text =
    '<?xml version="1.0"?><o n="7"><i>1</i><i>007</i><t a="x">hi &amp; <![CDATA[<b>]]></t><e/></o>';

  it('is read with attributes, lists and numbers', async () => {
    expect(await call('deserializeFromXml', { data: file(text), ...XML_OPTIONS })).toEqual({
      data: { o: { '@_n': 7, i: [1, '007'], t: { '@_a': 'x', '#text': 'hi &<b>' }, e: '' } },
    });
    expect(await call('deserializeFromXml', { data: text, numbersAsStrings: 'true' })).toMatchObject({
      data: { o: { '@_n': '7', i: ['1', '007'] } },
    });
  });

  it.each([
    ['<a><b></a>', /^Data is no well-formed XML: .*\(line 1\)\.$/],
    ['plain', /^Data is no well-formed XML/],
    [{ a: 1 }, /^Data must be text or a file, got an object\.$/],
    [`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`, /^Data cannot be read as XML/],
  ])('is refused with a reason: %#', async (data, message) => {
    await expect(call('deserializeFromXml', { data, ...XML_OPTIONS })).rejects.toThrow(message);
  });

  it('does not expand entities without end', async () => {
    const entities = 'abcdefghij'
      .split('')
      .map((name, at) =>
        at === 0 ? `<!ENTITY a "lol">` : `<!ENTITY ${name} "${`&${'abcdefghij'[at - 1]};`.repeat(10)}">`,
      );
    const bomb = `<!DOCTYPE x [${entities.join('')}]><x>&j;</x>`;
    const result = await call('xmlToJson', { data: bomb, ...XML_OPTIONS }).catch((error: Error) => error);
    expect(JSON.stringify(result).length).toBeLessThan(2_000_000);
    const external = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>';
    const read = await call('xmlToJson', { data: external, ...XML_OPTIONS }).catch((error: Error) => error);
    expect(JSON.stringify(read)).not.toContain('root:');
  });

  it('reads characters by name and number, as many as there are', async () => {
    const data = `<a b="&#39;">${'&lt;'.repeat(20_000)}&amp;&#xE9;&#39;</a>`;
    const result = (await call('deserializeFromXml', { data, ...XML_OPTIONS })) as {
      data: { a: Record<string, string> };
    };
    expect(result.data.a['@_b']).toBe("'");
    expect(result.data.a['#text']).toBe(`${'<'.repeat(20_000)}&é'`);
  });

  it('is written so that it reads the same, under a root when there is none', async () => {
    const value = { order: { '@_id': 'x', item: [{ name: 'a & <b>' }, { name: 'c' }], total: 5 } };
    const { data, contentType } = await call('binaryToXml', { data: value });
    expect(contentType).toBe('application/xml');
    expect(await call('deserializeFromXml', { data, ...XML_OPTIONS })).toEqual({ data: value });
    const rows = await call('jsonToXml', { data: '[{"First Name":"A"},{"First Name":"B"}]' });
    expect(await call('deserializeFromXml', { data: rows['data'], ...XML_OPTIONS })).toEqual({
      data: { root: { row: [{ First_Name: 'A' }, { First_Name: 'B' }] } },
    });
  });
});

describe('YAML', () => {
  it('is read, with anchors and merges', async () => {
    const data = 'base: &b {x: 1}\nuse: {<<: *b, y: 2}\nlist: [yes, 1.5, ~]\n';
    expect(await call('deserializeFromYaml', { data })).toEqual({
      data: { base: { x: 1 }, use: { x: 1, y: 2 }, list: ['yes', 1.5, null] },
    });
  });

  it.each([
    ['a: [1', /^Data is no YAML: /],
    ['a: 1\n---\nb: 2\n', /^Data is no YAML: .*multiple documents/],
    ['a: 1\na: 2\n', 'Data is no YAML: the key "a" occurs twice.'],
    [`${'['.repeat(50_000)}`, /^Data is no YAML: /],
  ])('is refused with a reason: %#', async (data, message) => {
    await expect(call('deserializeFromYaml', { data })).rejects.toThrow(message);
  });

  it('does not expand aliases without end', async () => {
    const lines = 'abcdefghi'
      .split('')
      .map((name, at) =>
        at === 0
          ? 'a: &a [x,x,x,x,x,x,x,x,x]'
          : `${name}: &${name} [${`*${'abcdefghi'[at - 1]},`.repeat(9).slice(0, -1)}]`,
      );
    await expect(call('yamlToJson', { data: lines.join('\n') })).rejects.toThrow(
      /^Data is no YAML: .*alias/i,
    );
  });

  it('leaves prototypes alone', async () => {
    await call('deserializeFromYaml', {
      data: '__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}',
    });
    await call('deserializeFromCsv', {
      data: '__proto__,constructor__prototype__polluted,a____proto____polluted\n1,1,1',
      csvHeader: 'true',
      unFlattenCsvKeys: 'true',
    });
    await call('deserializeFromXml', {
      data: '<a><__proto__><polluted>1</polluted></__proto__></a>',
      ...XML_OPTIONS,
    }).catch(() => undefined);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('CSV', () => {
  it('is read as objects by its header, or as lists', async () => {
    const data = '\uFEFFid;name;name\r\n1;"A;B";x\r\n\r\n2;\r\n';
    expect(await call('deserializeFromCsv', { data, ...CSV_OPTIONS })).toEqual({
      data: [
        { id: '1', name: 'A;B', name_1: 'x' },
        { id: '2', name: '', name_1: '' },
      ],
    });
    expect(
      await call('deserializeFromCsv', { data: 'a,b\n1,2', csvHeader: 'false', unFlattenCsvKeys: '' }),
    ).toEqual({
      data: [
        ['a', 'b'],
        ['1', '2'],
      ],
    });
  });

  it('makes nested objects of its columns and back', async () => {
    const people = [{ person: { first: 'A', last: 'B', tags: ['x', 'y'] } }, { person: { first: 'C' } }];
    const { data } = await call('binaryToCsv', { data: people });
    expect(data).toBe('person__first,person__last,person__tags__0,person__tags__1\nA,B,x,y\nC,,,');
    const back = await call('csvToJson', { data, csvHeader: 'true', unFlattenCsvKeys: 'true' });
    expect((JSON.parse(String(back['data'])) as unknown[])[0]).toEqual(people[0]);
  });

  it('says in which row its quotes do not match', async () => {
    const broken = { data: 'a,b\n1,"2\n3,4', ...CSV_OPTIONS };
    await expect(call('csvToYaml', broken)).rejects.toThrow(/^Data is no valid CSV: .*quote.* in row \d\.$/i);
  });
});

describe('between the formats', () => {
  const JSON_TEXT = '[{"id":"1","n":"A"},{"id":"2","n":"B"}]';
  it.each([
    ['jsonToCsv', JSON_TEXT, 'id,n\n1,A\n2,B', 'text/csv'],
    ['jsonToYaml', JSON_TEXT, '- id: "1"\n  n: A\n- id: "2"\n  n: B\n', 'application/yaml'],
    ['yamlToJson', '- id: 1\n', '[{"id":1}]', 'application/json'],
    ['yamlToCsv', '- {id: 1}\n', 'id\n1', 'text/csv'],
    ['csvToJson', 'id,n\n1,A\n2,B', JSON_TEXT, 'application/json'],
    ['csvToYaml', 'id\n1', '- id: "1"\n', 'application/yaml'],
    ['xmlToCsv', '<r><i><a>1</a></i><i><a>2</a></i></r>', 'a\n1\n2', 'text/csv'],
    ['xmlToJson', '<r><a>1</a></r>', '{"r":{"a":1}}', 'application/json'],
    ['xmlToYaml', '<r><a>1</a></r>', 'r:\n  a: 1\n', 'application/yaml'],
  ])('%s', async (key, data, expected, contentType) => {
    expect(await call(key, { data, ...CSV_OPTIONS, ...XML_OPTIONS })).toEqual({
      data: expected,
      contentType,
    });
  });

  it.each(['csvToXml', 'yamlToXml'])('%s', async (key) => {
    const { data } = await call(key, { data: key === 'csvToXml' ? 'a\n1' : '- a: 1', ...CSV_OPTIONS });
    expect(data).toMatch(/<root>\s*<row>\s*<a>1<\/a>\s*<\/row>\s*<\/root>/);
  });
});

describe('forms and bytes', () => {
  it('reads and writes the fields of a form', async () => {
    const data = 'payload=%7B%22a%22%3A1%7D&x=1&x=2&y=a+b';
    expect(await call('deserializeFormData', { data })).toEqual({
      data: { payload: '{"a":1}', x: ['1', '2'], y: 'a b' },
    });
    const fields = { a: 'b c', list: [1, 2], o: { k: 1 } };
    expect((await call('serializeFormData', { data: fields }))['data']).toBe(
      'a=b+c&list=1&list=2&o=%7B%22k%22%3A1%7D',
    );
    await expect(call('serializeFormData', { data: 'a=b' })).rejects.toThrow(/must be an object/);
  });

  it('keeps bytes as bytes', async () => {
    const bytes = Buffer.from([0, 255]);
    expect(await call('deserializeFromBinary', { data: { data: bytes, contentType: 'image/png' } })).toEqual({
      data: bytes,
      contentType: 'image/png',
    });
    expect(await call('deserializeFromBinary', { data: bytes })).toMatchObject({ data: bytes });
  });
});
