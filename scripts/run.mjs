import { spawn } from 'node:child_process';

const KEPT_CHARACTERS = 8_000;

/**
 * Runs a program to its end. Rejects with one line: its exit code and the last telling line of its output. Dies
 * with this process: Ctrl-C reaches both, and a SIGTERM is passed on.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const passOn = (signal) => child.kill(signal);
    process.once('SIGTERM', passOn);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said = (said + text).slice(-KEPT_CHARACTERS);
      });
    }
    child.on('error', (error) => {
      process.off('SIGTERM', passOn);
      reject(new Error(error.code === 'ENOENT' ? `${command} is not on the PATH` : error.message));
    });
    child.on('close', (code, signal) => {
      process.off('SIGTERM', passOn);
      if (code === 0) resolve(said);
      else
        reject(
          Object.assign(new Error(`${code === null ? signal : `exit code ${code}`}: ${telling(said)}`), {
            said,
          }),
        );
    });
  });
}

/** The first line that speaks of an error, else the last line. */
function telling(said) {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const error = lines.find((line) => /\berror\b/i.test(line) && !/^npm (error|ERR!) code/.test(line));
  return (error ?? lines.at(-1) ?? 'it said nothing').slice(0, 300);
}
