import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const PRELUDE = join(__dirname, '..', '..', '..', 'src', 'worker', 'workflow-thread-prelude.cjs');

/** Threads of the system that a script sees more of while it runs with a limit. */
const COUNT = `
const { readdirSync } = require('node:fs');
const vm = require('node:vm');
const count = () => readdirSync('/proc/self/task').length;
const context = vm.createContext({ count });
const script = new vm.Script('count()');
script.runInContext(context);
console.log(script.runInContext(context, { timeout: 5000 }) - count());
`;
const threadsBy = (...args: string[]): number =>
  Number(execFileSync(process.execPath, [...args, '--eval', COUNT], { encoding: 'utf8' }));

test('a call into a workflow starts no thread of the system', () => {
  expect(threadsBy()).toBe(1);
  expect(threadsBy('--require', PRELUDE)).toBe(0);
});
