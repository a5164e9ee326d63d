import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DevError, reasonOf } from '../../src/dev/dev-error';
import { STUDIES } from './studies/studies';
import type { Study } from './studies/study';
import { WORKS, type Work } from './works/works';

/** What was asked for on the command line and in the environment. */
export interface BenchOptions {
  isHelp: boolean;
  works: Work[];
  studies: Study[];
  /** File for the figures as JSON. */
  jsonFile: string | undefined;
  /** Length of one load. */
  seconds: number;
}

const DEFAULT_SECONDS = 10;

const linesOf = (list: readonly { name: string; about: string }[]): string =>
  list.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join('\n');

export const HELP = `Usage: npm run bench -- [work …] [--json FILE]

Loads the built product and a plain Temporal workflow that makes the same calls, on servers of its own.

${linesOf(WORKS)}

Without names all of these run but W3-http, in less than 20 minutes on two cores.

Studies: what the product costs where a plain workflow has no like. They run only when they are named, since all
together take as long again; their rows in FILE have the keys of the others' and "details".

${linesOf(STUDIES)}

  --json FILE   also write the figures to FILE
  --help        this text

Environment
  TENON_BENCH_SECONDS   length of one load (${DEFAULT_SECONDS}); shorter ones shrink BURST and the studies too
  TENON_RUNNERS, TENON_WORKER_SLOTS and the other settings of API and worker
`;

/** Reads flags and variables. Throws one sentence for a fault. */
export function parseOptions(argv: string[], env: NodeJS.ProcessEnv): BenchOptions {
  const { values, positionals } = parse(argv);
  const seconds = Number(env['TENON_BENCH_SECONDS'] || DEFAULT_SECONDS);
  if (!(seconds >= 1 && seconds <= 600))
    throw new DevError('TENON_BENCH_SECONDS wants a number of 1 to 600.');
  return {
    isHelp: values.help === true,
    ...(positionals.length === 0
      ? { works: WORKS.filter(({ isOptional }) => !isOptional), studies: [] }
      : namedOf(positionals)),
    // npm goes to the checkout and leaves word of where it was called.
    jsonFile: values.json === undefined ? undefined : resolve(env['INIT_CWD'] || process.cwd(), values.json),
    seconds,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new DevError(`${reasonOf(error).replace(/\.? *To specify.*$/, '')}; --help lists the options.`);
  }
}

/** In the order in which they were named. */
function namedOf(names: string[]): Pick<BenchOptions, 'works' | 'studies'> {
  const named = <T extends { name: string }>(list: readonly T[]): T[] =>
    names.flatMap((name) => list.filter((each) => each.name.toLowerCase() === name.toLowerCase()));
  const all = [...WORKS, ...STUDIES];
  const unknown = names.find((name) => !all.some((each) => each.name.toLowerCase() === name.toLowerCase()));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name).join(', ');
    throw new DevError(`There is no work "${unknown}"; there are ${known}.`);
  }
  return { works: named(WORKS), studies: named(STUDIES) };
}
