import fc from 'fast-check';
import { base64Pieces } from '../../../src/api/files/base64-pieces';
import { inChunks } from '../../../src/store/in-chunks';
import { decodeOutput, encodeOutput, type StepOutput } from '../../../src/store/output-codec';
import { outputPrefix, readOutputHead } from '../../../src/store/output-head';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));

async function all(pieces: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const piece of pieces) found.push(piece);
  return found;
}

describe('content in pieces', () => {
  it('is cut into chunks of one size, the last one shorter, and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes), fc.integer({ min: 1, max: 50 }), async (pieces, size) => {
        const chunks = await all(inChunks(pieces, size));
        expect(Buffer.concat(chunks)).toEqual(Buffer.concat(pieces));
        const last = chunks.pop()?.length ?? size;
        expect(last > 0 && last <= size).toBe(true);
        expect(chunks.every(({ length }) => length === size)).toBe(true);
      }),
    );
  });

  it('is the same in base64 as it is whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes), async (pieces) => {
        const text = Buffer.concat(await all(base64Pieces(pieces))).toString('latin1');
        expect(text).toBe(Buffer.concat(pieces).toString('base64'));
      }),
    );
  });
});

describe('the head of a stored result', () => {
  const fields: Omit<StepOutput, 'data'>[] = [
    {},
    { contentType: 'image/png' },
    { contentType: 'text/plain', statusCode: 200, headers: { a: 'é', b: '' } },
    { statusCode: -1.5, headers: {} },
  ];
  const datas: [unknown, string][] = [
    [Buffer.alloc(3), 'bytes'],
    [Buffer.alloc(70_000), 'bytes'],
    ['', 'text'],
    ['é'.repeat(40), 'text'],
    ['x'.repeat(70_000), 'text'],
    [{ a: 1 }, 'structure'],
    [[], 'structure'],
    [7, 'structure'],
    [null, 'structure'],
  ];

  it('tells content type and kind, and where the data begins', () => {
    for (const rest of fields) {
      for (const [data, kind] of datas) {
        const stored = encodeOutput({ ...rest, data });
        const head = readOutputHead(stored);
        expect(head).toMatchObject({ kind, contentType: rest.contentType ?? '' });
        const shown = Buffer.concat([outputPrefix('a/b'), stored.subarray(head!.dataOffset)]);
        expect(decodeOutput(shown)).toEqual({ contentType: 'a/b', data });
      }
    }
  });

  it('needs no more than the bytes up to the data', () => {
    const stored = encodeOutput({ contentType: 'text/csv', data: 'x'.repeat(1000) });
    expect(readOutputHead(stored.subarray(0, 40))).toMatchObject({ kind: 'text', contentType: 'text/csv' });
  });

  it('is not told where the data is not the last field, or is missing', () => {
    expect(readOutputHead(encodeOutput({ data: 'x', contentType: 'text/csv' }))).toBeUndefined();
    expect(readOutputHead(encodeOutput({ contentType: 'text/csv' }))).toBeUndefined();
    expect(readOutputHead(encodeOutput({}))).toBeUndefined();
  });
});
