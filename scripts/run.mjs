import { spawn } from 'node:child_process';

const KEPT_CHARACTERS = 8_000;
/** A signal sent to one process alone does not reach its children by itself. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end. Rejects with one line: its exit code and the last telling line of its output. Dies
 * with this process, since signals are passed on; it is then rejected as interrupted.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let isInterrupted = false;
    const passOn = (signal) => {
      isInterrupted = true;
      child.kill(signal);
    };
    for (const signal of PASSED_ON) process.on(signal, passOn);
    const stopPassing = () => {
      for (const signal of PASSED_ON) process.off(signal, passOn);
    };
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said = (said + text).slice(-KEPT_CHARACTERS);
      });
    }
    child.on('error', (error) => {
      stopPassing();
      reject(new Error(error.code === 'ENOENT' ? `${command} is not on the PATH` : error.message));
    });
    child.on('close', (code, signal) => {
      stopPassing();
      if (isInterrupted) reject(Object.assign(new Error('interrupted'), { isInterrupted }));
      else if (code === 0) resolve(said);
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
