import { createRequire, isBuiltin } from 'node:module';
import { compileSnippet, type Wrapper } from './compile-snippet';

/** What a code step exports: it takes the action context and the results of the steps before it. */
export type SnippetFunction = (context: unknown, stepResults: unknown) => unknown;

const KEPT = 200;
const requireBuiltin = createRequire(__filename);
/** Compiled text by source, oldest first. Only the text is kept: each run gets a module of its own. */
const compiled = new Map<string, Wrapper>();

/**
 * Runs the text as a CommonJS module and gives its export. Throws when the text does not compile, asks for
 * a package, or exports no function.
 */
export function loadSnippet(source: string): SnippetFunction {
  const entry = exportOf(source);
  if (typeof entry === 'function') return entry as SnippetFunction;
  throw new Error(
    'The code exports no function. Assign one: module.exports = async (context, stepResults) => { … }',
  );
}

/** What the text exports when it is run as a CommonJS module, or its `default`; throws as {@link loadSnippet}. */
export function exportOf(source: string): unknown {
  const module = { exports: {} as unknown };
  compile(source)(module, module.exports, requireFor);
  const exported = module.exports as { default?: unknown };
  return typeof exported === 'function' ? exported : exported?.default;
}

/** The line of the text in which an error arose, from its stack; `undefined` when it arose elsewhere. */
export function snippetLine(error: unknown): number | undefined {
  const stack =
    typeof error === 'object' && error !== null ? (error as { stack?: unknown }).stack : undefined;
  const match = typeof stack === 'string' ? /\bcode-step\.js:(\d+)/.exec(stack) : null;
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Whether the text was run here before, and is kept as it was compiled. */
export const isCompiled = (source: string): boolean => compiled.has(source);

function compile(source: string): Wrapper {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const wrapper = compileSnippet(source);
  const oldest = compiled.keys().next();
  if (compiled.size >= KEPT && !oldest.done) compiled.delete(oldest.value);
  compiled.set(source, wrapper);
  return wrapper;
}

function requireFor(id: string): unknown {
  if (isBuiltin(id)) return requireBuiltin(id) as unknown;
  throw new Error(`A code step can require the built-in modules of Node.js only, not "${id}".`);
}
