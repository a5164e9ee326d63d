import { compileFunction, constants } from 'node:vm';

/** The body of a CommonJS module. */
export type Wrapper = (
  module: { exports: unknown },
  exports: unknown,
  require: (id: string) => unknown,
) => void;

const FILE = 'code-step.js';

/** Compiles an author's text as a CommonJS module, which is not run. Throws what Node.js throws of bad syntax. */
export function compileSnippet(source: string): Wrapper {
  return compileFunction(source, ['module', 'exports', 'require'], {
    filename: FILE,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as Wrapper;
}

/** A place in an author's text where it cannot be compiled. */
export interface SyntaxFault {
  message: string;
  /** Line and column count from 1. */
  line: number;
  column: number;
}

/** Why the text of a code step cannot be compiled; undefined where it can. Runs nothing of it. */
export function syntaxFault(source: string): SyntaxFault | undefined {
  try {
    compileSnippet(source);
    return undefined;
  } catch (error) {
    // Told by fields: it may be of another realm.
    const { message, stack } = error as Error;
    return { message: String(message), ...placeIn(String(stack)) };
  }
}

/** The stack of such an error begins with `file:line`, the line, and marks below it. */
function placeIn(stack: string): Pick<SyntaxFault, 'line' | 'column'> {
  const [place = '', , marks = ''] = stack.split('\n');
  // Too deep a nesting is found in Node.js itself.
  if (!place.startsWith(`${FILE}:`)) return { line: 1, column: 1 };
  return { line: Number(place.slice(FILE.length + 1)), column: Math.max(1, marks.indexOf('^') + 1) };
}
