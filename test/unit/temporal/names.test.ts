import { createEncryptingCodec } from '../../../src/temporal/codec/encrypting-codec';
import { fitSummary } from '../../../src/temporal/names';

const bytesOf = (text: string) => Buffer.byteLength(text);

describe('a summary', () => {
  it('stays as it is when it is short enough', () => {
    for (const text of ['', 'Acme · Orders · v1', 'x'.repeat(250), '·'.repeat(125)]) {
      expect(fitSummary(text)).toBe(text);
    }
  });

  it('is cut at a whole character, and says so', () => {
    expect(fitSummary('x'.repeat(251))).toBe(`${'x'.repeat(247)}…`);
    expect(fitSummary('·'.repeat(5000))).toBe(`${'·'.repeat(123)}…`);
    for (const lead of ['', 'a', 'ab', 'abc']) {
      const cut = fitSummary(`${lead}${'😀'.repeat(300)}`);
      expect(bytesOf(cut)).toBeLessThanOrEqual(250);
      expect(cut).toMatch(/^[abc]*(😀){60,}…$/u);
    }
  });

  it('fits Temporal’s limit of 400 bytes when it is encrypted', async () => {
    const codec = createEncryptingCodec(`a-rather-long-key-id:${Buffer.alloc(32, 1).toString('base64')}`);
    const data = Buffer.from(JSON.stringify(fitSummary('x'.repeat(1000))));
    const [payload] = await codec.encode([{ metadata: { encoding: Buffer.from('json/plain') }, data }]);
    const { metadata = {}, data: coded } = payload!;
    const parts = Object.entries(metadata ?? {}).map(([key, value]) => key.length + (value?.length ?? 0) + 6);
    expect(coded!.length + 3 + parts.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(400);
  });
});
