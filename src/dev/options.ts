import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DevError, reasonOf } from './dev-error';

/** What was asked for on the command line, or in the environment. */
export interface StartOptions {
  isHelp: boolean;
  /** Stop after the sample run. */
  isOnce: boolean;
  isJson: boolean;
  host: string;
  port: number;
  dataDir: string;
  mongodbPort: number | undefined;
  temporalPort: number | undefined;
  temporalUiPort: number | undefined;
}

export const HELP = `Usage: npm start -- [options]

Starts MongoDB, Temporal, the API and a worker, and runs a sample integration.

  --once       stop after the sample run; exit code 0 when it succeeded, else 1
  --json       print one JSON object as the last line of standard output
  --port N     port of the API                     (TENON_PORT, 3000)
  --data DIR   folder that keeps all data          (TENON_DATA_DIR, .tenon of the checkout);
               a relative one counts from where npm was called
  --help       this text

Environment
  TENON_HOST                                       address to listen on (127.0.0.1)
  TENON_MONGODB_URI, TENON_TEMPORAL_ADDRESS        use these servers and start none
  TENON_MONGOD_BIN, TENON_TEMPORAL_BIN             use these programs
  TENON_MONGODB_PORT, TENON_TEMPORAL_PORT, TENON_TEMPORAL_UI_PORT
  TENON_CACHE_DIR                                  where downloaded programs are kept (~/.cache/tenon)
`;

/** Reads flags first, then variables. Throws one sentence for a fault. */
export function parseOptions(
  argv: string[],
  env: NodeJS.ProcessEnv,
  checkout: string,
  cwd = process.cwd(),
): StartOptions {
  const flags = parseFlags(argv);
  return {
    isHelp: flags.help === true,
    isOnce: flags.once === true,
    isJson: flags.json === true,
    host: env['TENON_HOST'] || '127.0.0.1',
    port: portOf('--port', flags.port) ?? portOf('TENON_PORT', env['TENON_PORT']) ?? 3000,
    dataDir: dataDirOf(flags.data ?? (env['TENON_DATA_DIR'] || undefined), env, checkout, cwd),
    mongodbPort: portOf('TENON_MONGODB_PORT', env['TENON_MONGODB_PORT']),
    temporalPort: portOf('TENON_TEMPORAL_PORT', env['TENON_TEMPORAL_PORT']),
    temporalUiPort: portOf('TENON_TEMPORAL_UI_PORT', env['TENON_TEMPORAL_UI_PORT']),
  };
}

function parseFlags(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new DevError(`${reasonOf(error).replace(/\.? *To specify.*$/, '')}; --help lists the options.`);
  }
}

function dataDirOf(given: string | undefined, env: NodeJS.ProcessEnv, checkout: string, cwd: string): string {
  if (given === undefined) return join(checkout, '.tenon');
  if (given.trim() === '') throw new DevError('--data wants the path of a folder, not an empty text.');
  // npm goes to the checkout and leaves word of where it was called.
  const caller = cwd === checkout ? env['INIT_CWD'] || cwd : cwd;
  const folder = resolve(caller, given);
  if (folder !== resolve(checkout)) return folder;
  throw new DevError('The checkout itself cannot be the data folder; name another folder with --data.');
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new DevError(`${name} wants a port number from 1 to 65535, not "${text}".`);
  }
  return port;
}
