import { currentCall } from './call-scope';
import type { Severity } from './contract';
import { formatLog } from './format-log';

const LEVELS = {
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/** Prints to the output of the process, also within a call. As it is before component code can replace it. */
export const printOutside: (text: string) => boolean = process.stderr.write.bind(process.stderr);

/** Turns console and stream output of component code into log lines of the call that wrote it. */
export function captureOutput(): void {
  for (const [name, severity] of Object.entries(LEVELS))
    captureConsole(name as keyof typeof LEVELS, severity);
  captureStream(process.stdout, 'INFO');
  captureStream(process.stderr, 'WARN');
}

function captureConsole(name: keyof typeof LEVELS, severity: Severity): void {
  const original = console[name].bind(console);
  console[name] = (...args: unknown[]) => {
    const call = currentCall();
    if (call === undefined) original(...args);
    else call.log(severity, formatLog(args));
  };
}

/** Covers console.table, console.dir and code that writes to the streams itself. */
function captureStream(stream: NodeJS.WriteStream, severity: Severity): void {
  const original = stream.write.bind(stream);
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const call = currentCall();
    if (call === undefined) return (original as (...args: unknown[]) => boolean)(chunk, ...rest);
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    call.log(severity, text.replace(/\n$/, ''));
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  stream.write = write as typeof stream.write;
}
