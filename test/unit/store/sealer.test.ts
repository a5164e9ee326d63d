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

describe('sealed bytes', () => {
  it('open to what was sealed, whatever the bytes', () => {
    const sealer = createSealer(OLD);
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...sealer.openBytes(sealer.sealBytes(bytes))]).toEqual([...bytes]);
      }),
    );
  });

  it('do not show what is in them, nor open when any part of them was changed', () => {
    const sealer = createSealer(OLD);
    const sealed = sealer.sealBytes(Buffer.from('hunter2'));
    expect(sealed.includes('hunter2')).toBe(false);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => sealer.openBytes(changed)).toThrow();
    }
    expect(() => sealer.openBytes(Buffer.alloc(0))).toThrow();
  });

  it('open with a key that was put behind a newer one', () => {
    const before = createSealer(OLD).sealBytes(Buffer.from('secret'));
    expect(createSealer(`${NEW},${OLD}`).openBytes(before).toString()).toBe('secret');
    expect(() => createSealer(NEW).openBytes(before)).toThrow("key 'old'");
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

describe('a digest', () => {
  it('is known again as that text’s alone, and does not show it', () => {
    const sealer = createSealer(OLD);
    const digest = sealer.digest('hunter2');
    expect(sealer.isDigestOf(digest, 'hunter2')).toBe(true);
    expect(digest).toMatch(/^old\.[\w-]{43}$/);
    for (const other of ['hunter', 'hunter22', '']) expect(sealer.isDigestOf(digest, other)).toBe(false);
    for (const bad of ['', 'old', 'old.', digest.slice(0, -4)])
      expect(sealer.isDigestOf(bad, 'hunter2')).toBe(false);
  });

  it('cannot be made without the key, and is known by a key that was put behind a newer one', () => {
    const digest = createSealer(OLD).digest('hunter2');
    expect(createSealer(key('old')).isDigestOf(digest, 'hunter2')).toBe(false);
    expect(createSealer(NEW).isDigestOf(digest, 'hunter2')).toBe(false);
    const rotated = createSealer(`${NEW},${OLD}`);
    expect(rotated.isDigestOf(digest, 'hunter2')).toBe(true);
    expect(rotated.digest('hunter2')).toMatch(/^new\./);
  });
});
