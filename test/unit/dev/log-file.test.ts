import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLogLine, logSize, trimLog } from '../../../src/dev/processes/log-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenon-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = (text: string) => {
  const file = join(folder, 'a.log');
  writeFileSync(file, text);
  return file;
};

test.each([
  ['one\ntwo\n\n', 'two'],
  ['Error: no room\n    at main (a.js:1)\n\nNode.js v20.20.2\n', 'Error: no room'],
  ['{"level":50,"msg":"cannot start","err":{"message":"refused"}}\n', 'cannot start: refused'],
  ['{"msg":"Now exiting"}\n', 'Now exiting'],
  ['', ''],
])('of %j the telling line is %j', (text, line) => {
  expect(lastLogLine(log(text), 0)).toBe(line);
});

test('only what this run has written counts', () => {
  const file = log('an older run\n');
  expect(lastLogLine(file, logSize(file))).toBe('');
  expect(lastLogLine(join(folder, 'none.log'), 0)).toBe('');
});

test('a log that has grown too long is put aside', () => {
  const file = log('0123456789');
  trimLog(file, 10);
  expect(existsSync(file)).toBe(true);
  trimLog(file, 9);
  expect([existsSync(file), existsSync(`${file}.1`)]).toEqual([false, true]);
});
