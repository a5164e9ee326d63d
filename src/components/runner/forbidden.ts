import asyncHooks from 'node:async_hooks';
import childProcess from 'node:child_process';
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import inspector from 'node:inspector';
import nodeModule from 'node:module';
import net from 'node:net';
import { join, resolve, sep } from 'node:path';
import tls from 'node:tls';
import v8 from 'node:v8';
import wasi from 'node:wasi';
import workerThreads from 'node:worker_threads';

const PROGRAMS = 'start programs';
const THREADS = 'start threads';
const SIGNALS = 'send signals to processes or end them';
const SERVERS = 'choose the servers that answer its DNS lookups';
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
  forbid(process, 'process', ['loadEnvFile'], 'read the environment of its process from a file');
  const identity = ['setuid', 'setgid', 'seteuid', 'setegid', 'setgroups', 'initgroups'];
  forbid(process, 'process', identity, 'change the user of its process');
  for (const [target, name] of [
    [dns, 'dns'],
    [dns.promises, 'dns.promises'],
    [dns.Resolver.prototype, 'Resolver'],
    [dns.promises.Resolver.prototype, 'Resolver'],
  ] as const)
    forbid(target, name, ['setServers'], SERVERS);
  forbidAtResolvers();
  hideRequests();
  hideGuards();
  // Modules written with `import` see the same.
  nodeModule.syncBuiltinESMExports();
}

/** The same at the handle that does the work, which a resolver carries with it. */
function forbidAtResolvers(): void {
  const { _handle: handle } = new dns.Resolver() as unknown as { _handle?: object };
  if (handle === undefined)
    throw new Error('This version of Node.js keeps the handle of a resolver elsewhere.');
  forbid(Object.getPrototypeOf(handle) as object, 'Resolver', ['setServers'], SERVERS);
}

/**
 * Requests to the system that are under way, such as those of names that an operator allowed, are not shown: their
 * answers could be made up. Code that watches them sees none.
 */
function hideRequests(): void {
  const hook = { enable: () => hook, disable: () => hook };
  put(asyncHooks, 'createHook', () => hook);
  put(asyncHooks, 'executionAsyncResource', () => ({}));
  put(process, '_getActiveRequests', () => []);
  put(process, '_getActiveHandles', () => []);
}

/** Takes the guards' own modules out of what component code can look through: they hold what is refused. */
export function hideGuards(): void {
  const { cache } = nodeModule.createRequire(__filename);
  const folders = [join(__dirname, 'network') + sep, resolve(__dirname, '../../net') + sep];
  const isGuard = (file: string | null): boolean => folders.some((folder) => file?.startsWith(folder));
  for (const [file, loaded] of Object.entries(cache)) {
    if (isGuard(file)) delete cache[file];
    else if (loaded) loaded.children = loaded.children.filter(({ filename }) => !isGuard(filename));
  }
}

/**
 * Keeps the functions by which code connects as they are: packages share processes, and one that put its own in their
 * place would see what others send. What is put there is ignored, without an error, since some libraries try.
 */
export function freezeCalls(): void {
  const calls: [object, string[]][] = [
    [globalThis, ['fetch']],
    [http, ['request', 'get']],
    [https, ['request', 'get']],
    [net, ['connect', 'createConnection']],
    [tls, ['connect']],
    [dns, ['lookup']],
    [dns.promises, ['lookup']],
  ];
  for (const [target, keys] of calls) for (const key of keys) keep(target, key);
  keepAgents();
  nodeModule.syncBuiltinESMExports();
}

function keep(target: object, key: string): void {
  const kept = (target as Target)[key];
  Object.defineProperty(target, key, {
    get: () => kept,
    set: () => {},
    enumerable: true,
    configurable: false,
  });
}

/** Nor do the options of connections that nobody gave an agent change, such as whether certificates are checked. */
function keepAgents(): void {
  for (const target of [http, https]) {
    keep(target, 'globalAgent');
    const { globalAgent } = target as { globalAgent: { options?: object } };
    const ignore = () => true;
    const unchanging = { set: ignore, defineProperty: ignore, deleteProperty: ignore };
    globalAgent.options = new Proxy(globalAgent.options ?? {}, unchanging);
    keep(globalAgent, 'options');
  }
}

function put(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: false, configurable: false, enumerable: true });
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
