import { runCli } from './run-cli';

/** Entry of `npm run tenon`. */
runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: () => process.stdin,
  // npm runs scripts in the checkout; files are named from where it was called.
  cwd: process.env.INIT_CWD ?? process.cwd(),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`tenon: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
