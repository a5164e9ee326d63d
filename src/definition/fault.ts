/** Where something stands in a definition: mapping keys and list positions, from the root. */
export type Path = readonly (string | number)[];

/** One thing that is wrong, or doubtful, in a definition. */
export interface Fault {
  /** Stable name of the rule; branch on it, never on the message. */
  code: string;
  severity: 'error' | 'warning';
  message: string;
  /** What to do about it. */
  hint: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column: number;
  /** Dotted, e.g. `flows.0.steps.2.inputs.url`. */
  path: string;
  /** Display name of the step concerned. */
  step?: string;
}

/** One line for people: `line:column code message — hint`; the message begins with the step concerned. */
export function describeFault(fault: Fault): string {
  const message = fault.step === undefined ? fault.message : `Step "${fault.step}": ${fault.message}`;
  const line = `${fault.line}:${fault.column} ${fault.code} ${message}`;
  return fault.hint === '' ? line : `${line} — ${fault.hint}`;
}

/** True when at least one fault forbids using the definition. */
export function hasErrors(faults: readonly Fault[]): boolean {
  return faults.some((fault) => fault.severity === 'error');
}
