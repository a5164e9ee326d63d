import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createSealer } from '../../../src/store/sealer';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const OLD = key('old');
const NEW = key('new');

describe('a sealed text', () => {
  it('opens to what was sealed, whatever the text', () => {
    const sealer = createSealer(OLD);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sealer.open(sealer.seal(text))).toBe(text);
      }),
    );
  });

  it('neither shows the text nor is ever the same twice', () => {
    const sealer = createSealer(OLD);
    const sealed = [sealer.seal('hunter2'), sealer.seal('hunter2')];
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const one of sealed) {
      expect(one).not.toContain('hunter2');
      expect(Buffer.from(one.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('hunter2');
    }
  });

  it('does not open when any part of it was changed', () => {
    const sealer = createSealer(OLD);
    const parts = sealer.seal('hunter2').split('.');
    for (const at of [1, 2, 3]) {
      const bytes = Buffer.from(parts[at]!, 'base64url');
      bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
      const changed = parts.with(at, bytes.toString('base64url')).join('.');
      expect(() => sealer.open(changed)).toThrow();
    }
    expect(() => sealer.open('')).toThrow();
    expect(() => sealer.open('old')).toThrow();
  });

  it('does not open with another key of the same id', () => {
    expect(() => createSealer(key('k')).open(createSealer(key('k')).seal('x'))).toThrow();
  });
});

describe('rotating keys', () => {
  it('seals with the first, and opens what any of them has sealed', () => {
    const before = createSealer(OLD).seal('secret');
    const rotated = createSealer(`${NEW},${OLD}`);
    expect(rotated.open(before)).toBe('secret');
    const after = rotated.seal('secret');
    expect(after.startsWith('new.')).toBe(true);
    expect(createSealer(NEW).open(after)).toBe('secret');
  });

  it('names the key that is missing', () => {
    const sealed = createSealer(OLD).seal('secret');
    expect(() => createSealer(NEW).open(sealed)).toThrow("key 'old'");
  });
});
