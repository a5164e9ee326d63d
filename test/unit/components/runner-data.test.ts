import { EventEmitter } from 'node:events';
import { deathOf, errorLine } from '../../../src/components/runner/death';
import { cutMessage, formatLog } from '../../../src/components/runner/format-log';
import { assertBounded, toSendable } from '../../../src/components/runner/sendable';
import { mergeStates, statesOf } from '../../../src/components/runner/states';
import { isLoopback, parseDenyList, plainAddress } from '../../../src/net/deny-list';
import { decodeOutput, encodeOutput } from '../../../src/store/output-codec';

describe('mergeStates', () => {
  it('keeps other keys under the returned ones, and removes what is undefined or was deleted', () => {
    const context = { executionState: { a: 1, b: 2 }, instanceState: { old: 1, gone: 1 } };
    const states = statesOf(context);
    delete states.instanceState.gone;
    states.executionState.c = 3;
    const merged = mergeStates(states, {
      data: 1,
      executionState: { a: 9, b: undefined },
      crossFlowState: { x: 1 },
    });
    expect(merged).toStrictEqual({
      executionState: { a: 9, c: 3 },
      instanceState: { old: 1 },
      crossFlowState: { x: 1 },
    });
    expect(context).toEqual({ executionState: { a: 1, b: 2 }, instanceState: { old: 1, gone: 1 } });
  });

  it('answers the levels that look otherwise than before, however deep the change is', () => {
    const context = {
      executionState: { list: [1, { deep: new Date(1) }], file: Buffer.from('a') },
      instanceState: { deep: { list: [1] } },
      crossFlowState: { a: 1 },
    };
    const states = statesOf(context);
    expect(mergeStates(states, { crossFlowState: { a: 1 }, integrationState: {} })).toEqual({});
    (states.instanceState['deep'] as { list: number[] }).list.push(2);
    expect(mergeStates(states, undefined)).toEqual({ instanceState: { deep: { list: [1, 2] } } });
    delete states.crossFlowState['a'];
    expect(mergeStates(states, undefined)).toEqual({
      instanceState: { deep: { list: [1, 2] } },
      crossFlowState: {},
    });
  });

  it('takes a result that is no object, and a state that is none', () => {
    for (const result of [undefined, null, 'text', { executionState: null }, { executionState: [1] }]) {
      expect(mergeStates(statesOf({ executionState: { a: 1 } }), result)).toEqual({});
    }
    const hostile: unknown = JSON.parse('{"executionState":{"__proto__":{"b":1},"c":1}}');
    expect(mergeStates(statesOf({}), hostile)).toEqual({ executionState: { c: 1 } });
  });

  it('tells of what cannot be copied, so that the call can say why it failed', () => {
    const states = statesOf({ executionState: { a: 1 } });
    states.executionState['run'] = () => 1;
    expect(Object.keys(mergeStates(states, undefined))).toEqual(['executionState']);
  });
});

describe('toSendable', () => {
  it('leaves out what is no data and keeps the rest as it is', () => {
    const bytes = Buffer.from('x');
    const date = new Date(0);
    class Row {
      id = 1;
      save() {}
    }
    const value = {
      bytes,
      date,
      none: undefined,
      run: () => 1,
      list: [1, () => 1],
      row: new Row(),
      error: new TypeError('t'),
      socket: new EventEmitter(),
      later: Promise.resolve(1),
      map: new Map([['a', new Set([1])]]),
    };
    expect(toSendable(value)).toStrictEqual({
      bytes,
      date,
      none: undefined,
      list: [1, null],
      row: { id: 1 },
      error: { name: 'TypeError', message: 't' },
      map: { a: [1] },
    });
  });

  it('gives what the journal has no form for the one that it comes back in', () => {
    const value = {
      named: new Map<unknown, unknown>([
        ['a', new Map([[1, 2]])],
        [2, null],
      ]),
      pairs: new Map([[{ id: 1 }, 'one']]),
      set: new Set(['x', new Date(5)]),
      pattern: /x/gi,
      never: new Date(Number.NaN),
      holes: [undefined, 1],
      numbers: new Float32Array([1.5, 2]),
      clamped: new Uint8ClampedArray([1, 255]),
      boxed: [new String('s'), new Number(4), new Boolean(false)],
      buffer: new Uint8Array([1, 2]).buffer,
      bytes: new Uint8Array([3]),
      view: new DataView(new Uint8Array([1, 2]).buffer, 1),
    };
    const sent = toSendable(value);
    expect(sent).toStrictEqual({
      named: { a: { 1: 2 }, 2: null },
      pairs: [[{ id: 1 }, 'one']],
      set: ['x', new Date(5)],
      pattern: '/x/gi',
      never: null,
      holes: [null, 1],
      numbers: [1.5, 2],
      clamped: [1, 255],
      boxed: ['s', 4, false],
      buffer: Buffer.from([1, 2]),
      bytes: Buffer.from([3]),
      view: Buffer.from([2]),
    });
    expect(decodeOutput(encodeOutput({ data: sent })).data).toStrictEqual(sent);
  });

  it('is needed for such a value alone, however deep it is', () => {
    const plain = {
      list: [1, { a: null, b: [Buffer.from('x')] }],
      at: new Date(0),
      none: undefined,
      big: 2 ** 60,
    };
    expect(assertBounded(plain)).toBe(true);
    for (const odd of [new Map(), new Set(), /x/, [undefined], new Date(Number.NaN), new Uint8Array(1)])
      expect(assertBounded({ ...plain, deep: [{ odd }] })).toBe(false);
  });

  it('counts the numbers of a typed list, and what maps hold', () => {
    expect(() => toSendable(new Float32Array(1_000_001))).toThrow('too many objects');
    const ring = new Map<string, unknown>();
    ring.set('self', ring);
    expect(() => toSendable(ring)).toThrow('it holds itself');
  });

  it('refuses a value that holds itself, and takes a shared one as often as it is met', () => {
    const value: Record<string, unknown> = { run: () => 1 };
    value.self = value;
    expect(() => toSendable(value)).toThrow('it holds itself');
    const shared = { n: 1 };
    expect(toSendable({ one: shared, two: [shared] })).toEqual({ one: { n: 1 }, two: [{ n: 1 }] });
  });

  it('refuses a value of more levels than the journal stores, and says so', () => {
    const deep = (levels: number) => {
      let value: unknown = 'leaf';
      for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { value };
      return value;
    };
    for (const check of [toSendable, assertBounded]) {
      expect(() => check(deep(990))).not.toThrow();
      expect(() => check(deep(20_000))).toThrow(
        'The result is nested too deeply: it has more than 990 levels.',
      );
    }
    expect(decodeOutput(encodeOutput({ data: deep(990) })).data).toEqual(deep(990));
  });

  it('refuses a value that grows out of bounds by shared parts', () => {
    let value: unknown = 'leaf';
    for (let level = 0; level < 30; level += 1) value = { a: value, b: value };
    expect(() => toSendable(value)).toThrow('too many objects');
  });
});

describe('formatLog', () => {
  it('joins text and JSON, with bytes by size and errors by message', () => {
    expect(formatLog(['a', { b: 1n, c: Buffer.from('xyz'), d: new Error('e') }, 2])).toBe(
      'a {"b":"1","c":"<3 bytes>","d":{"message":"e"}} 2',
    );
    expect(formatLog(['%s of %d', 'one', 2])).toBe('one of 2');
    expect(formatLog([new Error('why'), undefined, null])).toBe('why undefined null');
    expect(formatLog([])).toBe('');
  });

  it('leaves cutting at 4096 characters to whoever has masked the secrets', () => {
    const text = formatLog(['x'.repeat(5000)]);
    expect(text).toHaveLength(5000);
    expect(cutMessage(text)).toHaveLength(4096);
  });
});

describe('deny list', () => {
  it('reads hosts with ports and socket paths, and refuses the rest', () => {
    const list = parseDenyList([
      '127.0.0.1:27017',
      '[::1]:7233',
      'Mongo.internal:1',
      '/run/m.sock',
      'unix:/tmp/a.sock',
    ]);
    expect(list.ports).toEqual([
      { port: 27017, hosts: ['127.0.0.1'], isNameOnly: false },
      { port: 7233, hosts: ['::1'], isNameOnly: false },
      { port: 1, hosts: ['mongo.internal'], isNameOnly: false },
    ]);
    expect([...list.paths]).toEqual(['/run/m.sock', '/tmp/a.sock']);
    expect(() => parseDenyList(['localhost'])).toThrow(/host:port.*"localhost"/);
  });

  it('knows one address by its spellings', () => {
    const spellings = ['[0:0::1]', '::FFFF:127.0.0.1', '::ffff:7f00:1', 'LocalHost.', 'fe80::1%eth0'];
    expect(spellings.map(plainAddress)).toEqual(['::1', '127.0.0.1', '127.0.0.1', 'localhost', 'fe80::1']);
    expect(['127.9.9.9', '0.0.0.0', '::', 'localhost', '10.0.0.1'].map(isLoopback)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('deathOf', () => {
  const exit = { exitCode: null, signal: null, stderr: '', memoryMb: 64 };
  it('tells memory, exit and signals apart', () => {
    expect(deathOf({ ...exit, signal: 'SIGABRT', stderr: 'JavaScript heap out of memory' })).toEqual({
      code: 'out_of_memory',
      reason: 'the runner process ran out of memory (limit 64 MB)',
    });
    expect(deathOf({ ...exit, signal: 'SIGSEGV' })).toMatchObject({ code: 'runner_died' });
  });

  it('says nothing of what the process printed: others may have shared it', () => {
    const stderr = "/x/main.js:1\nthrow e\n\nError: Cannot find module 'y'\n    at a (b:1)\n\nNode.js v20\n";
    const reason = 'the runner process exited with code 1';
    expect(deathOf({ ...exit, exitCode: 1, stderr })).toEqual({ code: 'exited', reason });
    expect(errorLine(stderr)).toBe("Error: Cannot find module 'y'");
    const fault = '#\n# Fatal error in , line 0\n# Check failed: a secret.\n';
    expect(deathOf({ ...exit, signal: 'SIGTRAP', stderr: fault }).reason).toBe(
      'the runner process was ended by SIGTRAP after a fatal error of the JavaScript engine',
    );
  });
});
