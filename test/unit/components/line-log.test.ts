import { ftruncateSync, writeSync } from 'node:fs';
import type { RunnerLogLine } from '../../../src/components/runner/contract';
import { LineLog } from '../../../src/components/runner/line-log';
import { LineNotes } from '../../../src/components/runner/line-notes';
import { ToldLines } from '../../../src/components/runner/told-lines';

const AT = new Date('2026-01-02T03:04:05.678Z');
let log: LineLog;
let notes: LineNotes;

beforeEach(() => {
  log = new LineLog('test');
  notes = new LineNotes(log.fd);
});
afterEach(() => log.close());

const lineOf = (message: string): RunnerLogLine => ({ timestamp: AT, severity: 'INFO', message });
const note = (...messages: string[]) => messages.map((message) => notes.add(7, lineOf(message)));
const messages = () => log.read().map(({ line }) => line.message);

/** Writes a record as a runner does, with any text. */
function forge(text: string, length = Buffer.byteLength(text)): void {
  const record = Buffer.alloc(4 + Buffer.byteLength(text) + 4);
  record.writeUInt32LE(length, 0);
  record.write(text, 4);
  writeSync(log.fd, record, 0, record.length, 0);
}

describe('noted lines', () => {
  it('are read as they were written, in order, as often as one asks', () => {
    expect(log.read()).toEqual([]);
    expect(note('a', 'ü\n"\u0000\ud800 😀')).toEqual([1, 2]);
    notes.add(8, { timestamp: AT, severity: 'METRIC', message: '' });
    const expected = [
      { number: 1, id: 7, line: lineOf('a') },
      { number: 2, id: 7, line: lineOf('ü\n"\u0000\ud800 😀') },
      { number: 3, id: 8, line: { timestamp: AT, severity: 'METRIC', message: '' } },
    ];
    expect(log.read()).toEqual(expected);
    expect(log.read()).toEqual(expected);
  });

  it('are gone when they were sent; later ones are not followed by what lay behind them', () => {
    note('a', 'b', 'c');
    notes.clear();
    expect(messages()).toEqual([]);
    expect(note('d')).toEqual([4]);
    expect(messages()).toEqual(['d']);
    note('e'.repeat(50));
    expect(messages()).toEqual(['d', 'e'.repeat(50)]);
  });

  it('must be sent when there are many, and all can be read until then, however long', () => {
    const longest = '\u0001'.repeat(4096);
    let count = 0;
    while (!notes.isFull) count += note(longest).length;
    expect(count).toBe(3);
    expect(messages()).toEqual([longest, longest, longest]);
    notes.clear();
    expect(notes.isFull).toBe(false);
    count = 0;
    while (!notes.isFull) count += note(`line ${count}`).length;
    expect(count).toBeGreaterThan(1000);
    expect(messages()).toHaveLength(count);
  });

  it('must be sent at once where they cannot be written', () => {
    const closed = new LineNotes(-1);
    expect(closed.add(1, lineOf('a'))).toBe(1);
    expect(closed.isFull).toBe(true);
    closed.clear();
    expect(closed.isFull).toBe(false);
  });
});

describe('a log that holds something else', () => {
  it.each([
    ['no JSON', 'tenon'],
    ['no list', '{"number":3}'],
    ['nothing', 'null'],
    ['a record that was written over while it was read', '[3,7,1,"INFO","a",4]'],
    ['a number that is none', '["3",7,1,"INFO","a","3"]'],
    ['a call that is none', '[3,"7",1,"INFO","a",3]'],
    ['a time that is none', '[3,7,1e300,"INFO","a",3]'],
    ['a severity that is none', '[3,7,1,"LOUD","a",3]'],
    ['a message that is none', '[3,7,1,"INFO",{},3]'],
  ])('gives nothing for %s', (_what, text) => {
    forge(text);
    expect(log.read()).toEqual([]);
  });

  it('gives what comes before it', () => {
    note('a', 'b');
    const end = Buffer.alloc(8, 'x');
    const [first] = note('c');
    expect(first).toBe(3);
    // The third record lies behind two of the same length.
    writeSync(log.fd, end, 0, 8, 3 * 4 + 2 * '[1,7,1767323045678,"INFO","a",1]'.length);
    expect(messages()).toEqual(['a', 'b']);
  });

  it('gives no record that says to be longer than the file, and cuts what is longer than a line', () => {
    forge('[1,7,1,"INFO","a",1]', 2 ** 32 - 1);
    expect(log.read()).toEqual([]);
    forge(`[1,7,1,"INFO","${'a'.repeat(10_000)}",1]`);
    expect(log.read()[0]?.line.message).toHaveLength(4096);
    ftruncateSync(log.fd, 2);
    expect(log.read()).toEqual([]);
    ftruncateSync(log.fd, 20_000_000);
    expect(log.read()).toEqual([]);
  });

  it('gives nothing once it is closed', () => {
    note('a');
    log.close();
    log.close();
    expect(log.read()).toEqual([]);
  });
});

describe('the lines of a process', () => {
  let told: string[];
  let lines: ToldLines;
  const send = (number: number | undefined, message: string) =>
    lines.take({ id: 7, number, line: lineOf(message) });

  beforeEach(() => {
    told = [];
    lines = new ToldLines(log, (id, { message }) => told.push(`${id} ${message}`));
  });

  it('are told once, whether they come by message or were noted', () => {
    note('a', 'b');
    lines.read();
    lines.read();
    send(1, 'a');
    send(2, 'b');
    send(undefined, 'of our own');
    send(3, 'c');
    note('c', 'd');
    lines.end();
    lines.end();
    expect(told).toEqual(['7 a', '7 b', '7 of our own', '7 c', '7 d']);
  });

  it('are told in order: those behind lines that are on their way wait for them, or for the end', () => {
    note('a', 'b');
    notes.clear();
    note('c', 'd');
    lines.read();
    expect(told).toEqual([]);
    send(1, 'a');
    lines.read();
    send(2, 'b');
    lines.read();
    expect(told).toEqual(['7 a', '7 b', '7 c', '7 d']);
    notes.clear();
    note('e');
    notes.clear();
    note('f');
    lines.end();
    expect(told.slice(4)).toEqual(['7 f']);
  });
});
