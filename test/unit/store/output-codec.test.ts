import fc from 'fast-check';
import {
  decodeOutput,
  decodeState,
  decodeStates,
  encodeOutput,
  encodeState,
  encodeStates,
} from '../../../src/store/output-codec';

const roundTrip = (data: unknown): unknown => decodeOutput(encodeOutput({ data })).data;

describe('a stored result', () => {
  it('comes back as it was, for all that JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON knows a -0, MessagePack's integers do not; nobody can tell them apart by ==.
        const plain: unknown = JSON.parse(JSON.stringify(value), (key, one: unknown) =>
          key === '__proto__' ? undefined : Object.is(one, -0) ? 0 : one,
        );
        expect(roundTrip(plain)).toEqual(plain);
      }),
    );
  });

  it('keeps Buffers, at any depth, as Buffers of their own', () => {
    const bytes = Buffer.from([0, 1, 255]);
    const back = roundTrip({ file: bytes, list: [{ file: new Uint8Array(bytes) }] }) as {
      file: Buffer;
      list: { file: Buffer }[];
    };
    for (const one of [back.file, back.list[0]!.file]) {
      expect(Buffer.isBuffer(one)).toBe(true);
      expect(Buffer.compare(one, bytes)).toBe(0);
    }
    const first = encodeOutput({ data: 'a' });
    encodeOutput({ data: 'something else that is longer' });
    expect(decodeOutput(first)).toEqual({ data: 'a' });
  });

  it('keeps dates to the millisecond, also before 1970, and numbers beyond 32 bits', () => {
    const dates = [new Date(0), new Date('2026-11-21T10:20:30.123Z'), new Date('1900-01-01T00:00:00.001Z')];
    expect(roundTrip(dates)).toEqual(dates);
    const numbers = [2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 40, 0.1, 1e300, Number.NaN, Number.POSITIVE_INFINITY];
    expect(roundTrip(numbers)).toEqual(numbers);
  });

  it('leaves undefined properties out, and keeps the HTTP fields', () => {
    const output = {
      data: { a: undefined, b: null },
      statusCode: 404,
      contentType: 'a/b',
      headers: { x: 'y' },
    };
    expect(decodeOutput(encodeOutput(output))).toEqual({ ...output, data: { b: null } });
    expect(Object.keys(decodeOutput(encodeOutput({ data: undefined })))).toEqual([]);
  });

  it('refuses what it could not give back, and is fit for the next one', () => {
    const circular: unknown[] = [];
    circular.push(circular);
    for (const data of [circular, 5n, () => undefined, Symbol('s')]) {
      expect(() => encodeOutput({ data })).toThrow();
      expect(roundTrip('next')).toBe('next');
    }
  });

  it('is without keys that no reader takes', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"a":1},"b":[{"__proto__":2,"c":{"__proto__":[]}}]}');
    expect(roundTrip(hostile)).toEqual({ b: [{ c: {} }] });
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it('cannot be read when it was cut short', () => {
    const whole = encodeOutput({ data: 'some text' });
    expect(() => decodeOutput(whole.subarray(0, whole.length - 1))).toThrow();
  });
});

describe('stored state objects', () => {
  it('come back as they were', () => {
    const state = { cursor: 'c', seen: [1, 2], file: Buffer.from('x') };
    const stored = encodeStates({
      recordId: 'e1/2',
      instanceState: encodeState(state),
      earlier: { executionState: 'e1/1' },
    });
    const { instanceState, ...rest } = decodeStates(stored);
    expect(decodeState(instanceState!)).toEqual(state);
    expect(rest).toEqual({ recordId: 'e1/2', earlier: { executionState: 'e1/1' } });
    expect(decodeStates(encodeStates({}))).toEqual({});
  });
});
