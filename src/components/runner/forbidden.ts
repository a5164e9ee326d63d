import childProcess from 'node:child_process';
import inspector from 'node:inspector';
import nodeModule from 'node:module';
import v8 from 'node:v8';
import wasi from 'node:wasi';
import workerThreads from 'node:worker_threads';

const PROGRAMS = 'start programs';
const THREADS = 'start threads';
const SIGNALS = 'send signals to processes or end them';
const INTERNALS = 'reach into the internals of Node.js';

type Target = Record<string, unknown>;

/**
 * Takes from component code what would lead around the guards of its process: programs, threads, signals,
 * native code and Node's internals. Each throws an error that says so. What Node's permission model refuses as
 * well is taken here too, for the sake of a clear message and of machines where the model has gaps.
 */
export function forbidEscapes(): void {
  const spawning = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'];
  forbid(childProcess, 'child_process', spawning, PROGRAMS);
  forbid(childProcess.ChildProcess.prototype, 'ChildProcess', ['spawn'], PROGRAMS);
  forbid(workerThreads, 'worker_threads', ['Worker'], THREADS);
  forbid(nodeModule, 'module', ['register'], THREADS);
  forbid(wasi, 'wasi', ['WASI'], INTERNALS);
  forbid(inspector, 'inspector', ['open', 'Session'], INTERNALS);
  forbid(v8, 'v8', ['setFlagsFromString', 'writeHeapSnapshot', 'getHeapSnapshot'], INTERNALS);
  forbid(process, 'process', ['kill', '_kill', 'abort', '_debugProcess', '_debugEnd'], SIGNALS);
  forbid(process, 'process', ['binding', '_linkedBinding', 'dlopen'], INTERNALS);
  const identity = ['setuid', 'setgid', 'seteuid', 'setegid', 'setgroups', 'initgroups'];
  forbid(process, 'process', identity, 'change the user of its process');
  // Modules written with `import` see the same.
  nodeModule.syncBuiltinESMExports();
}

function forbid(target: object, name: string, keys: string[], what: string): void {
  for (const key of keys) {
    if (!(key in target)) continue;
    // Named functions, so that `new` works and fails with the same message.
    const refuse = function refused(): never {
      throw refusal(`${name}.${key}`, what);
    };
    Object.defineProperty(target as Target, key, {
      value: refuse,
      writable: false,
      configurable: false,
      enumerable: true,
    });
  }
}

function refusal(called: string, what: string): Error {
  const message = `Component code may not ${what}: ${called} is not available in a runner.`;
  return Object.assign(new Error(message), { code: 'ERR_ACCESS_DENIED' });
}
