import csv from '../../../../src/components/builtin/csv';
import { callAction } from './call-component';

const call = callAction(csv);

describe('parse', () => {
  it('gives rows of cells', async () => {
    const text = 'id,note\r\n1,"a ""b"",\nc"\r\n2,\r\n';
    for (const given of [text, Buffer.from(text), { data: Buffer.from(text), contentType: 'text/csv' }])
      expect(await call('parse', { csv: given, delimiter: ',' })).toEqual({
        data: [
          ['id', 'note'],
          ['1', 'a "b",\nc'],
          ['2', ''],
        ],
      });
  });

  it('goes by the delimiter and leaves out the header when asked', async () => {
    expect(await call('parse', { csv: 'a\tb\n1\t2', delimiter: '\\t', ignoreHeaders: 'true' })).toEqual({
      data: [['1', '2']],
    });
  });

  it('refuses delimiters that are none and quotes without an end', async () => {
    await expect(call('parse', { csv: 'a', delimiter: ', ' })).rejects.toThrow(
      /^Delimiter must be one character/,
    );
    await expect(call('parse', { csv: 'a,"b', delimiter: ',' })).rejects.toThrow(
      /^CSV Data is no valid CSV: /,
    );
  });

  it('reads 100,000 rows in less than two seconds', async () => {
    const text = Array.from({ length: 100_000 }, (_, at) => `${at},"name ${at}",${at * 2}`).join('\n');
    const startedAt = performance.now();
    const { data } = await call('parse', { csv: text, delimiter: ',' });
    expect(data).toHaveLength(100_000);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('generateFromObject', () => {
  const rows = [
    { id: 1, name: 'A, "B"' },
    { id: 2, extra: { a: [1] }, name: null },
  ];
  const generate = (params: object) =>
    call('generateFromObject', { inputArray: rows, delimiter: ',', includeHeader: 'true', ...params });

  it('takes the keys of all rows for columns', async () => {
    expect(await generate({})).toEqual({
      data: 'id,name,extra\n1,"A, ""B""",\n2,,"{""a"":[1]}"',
      contentType: 'text/csv',
    });
  });

  it('leaves out the header and takes JSON text', async () => {
    expect(
      await generate({ inputArray: '[{"a":1,"b":"x"}]', delimiter: ';', includeHeader: 'false' }),
    ).toMatchObject({
      data: '1;x',
    });
    expect(await generate({ inputArray: [] })).toMatchObject({ data: '' });
  });

  it('refuses what are no rows', async () => {
    await expect(generate({ inputArray: 'text' })).rejects.toThrow('Input Array must be a list, got "text".');
    await expect(generate({ inputArray: [1] })).rejects.toThrow(/^Input Array must be a list of objects/);
  });
});

it('generate writes lists of cells', async () => {
  const data = [['a', 'b'], '["1","x,y"]', 'alone'];
  expect(await call('generate', { data, delimiter: ',' })).toMatchObject({ data: 'a,b\n1,"x,y"\nalone' });
});
