import type { Fault } from '../definition';

/** A fault with the name of its file, as it was given. */
export type FileFault = Fault & { file: string };

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function line({ file, line: row, column, severity, code, step, message, hint }: FileFault): string {
  const subject = step === undefined ? '' : `Step "${step}": `;
  const first = `${file}:${row}:${column} ${severity} ${code} ${subject}${message}`;
  return hint === '' ? `${first}\n` : `${first}\n    ${hint}\n`;
}

/** Faults for people: one line each that editors can follow, its hint below, and a summary at the end. */
export function printFaults(files: readonly string[], faults: readonly FileFault[]): string {
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  const what = files.length === 1 ? `${files[0]}` : counted(files.length, 'definition');
  const sum = `${what}: ${counted(errors, 'error')}, ${counted(faults.length - errors, 'warning')}\n`;
  return `${faults.map(line).join('')}${sum}`;
}
