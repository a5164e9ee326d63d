import type { Fault, Path } from './fault';
import { LIMITS } from './limits';
import type { Position } from './source-map';

export interface FaultOptions {
  /** Point at the key of the last mapping entry, not at its value. */
  at?: 'key' | 'value';
  /** Use this place instead of the one that the path leads to. */
  position?: Position;
}

const SHOWN = 400;

/** Names come from the text and may hold anything; a fault shows them on one line, and not without end. */
function oneLine(text: string): string {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return shown.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** What a list of faults asks of the text that it is about. */
export interface FaultPlaces {
  locate(path: Path, at: 'key' | 'value'): Position;
  /** The place of a line and column, from 1, within a text that the definition writes line by line. */
  locateWithin(path: Path, inner: Position): Position | undefined;
  /** Display name of the innermost step that the path leads into. */
  stepName(path: Path): string | undefined;
}

/** Collects faults: gives them their place, drops what only follows from an earlier one, and caps their number. */
export class FaultList {
  private readonly faults: Fault[] = [];
  private readonly counts = { error: 0, warning: 0 };

  constructor(
    private readonly places: FaultPlaces,
    private readonly broken = new Set<string>(),
  ) {}

  /** A new, empty list over the same text, which knows the same broken places. */
  next(): FaultList {
    return new FaultList(this.places, this.broken);
  }

  /** The line on which the place stands, for hints that name a second place. */
  lineOf(path: Path): number {
    return this.places.locate(path, 'value').line;
  }

  /** The place of a line and column within a text; undefined where the definition writes that otherwise. */
  placeIn(path: Path, inner: Position): Position | undefined {
    return this.places.locateWithin(path, inner);
  }

  /** Notes an error; hints that cost time to make may be given as a function. */
  error(
    code: string,
    path: Path,
    message: string,
    hint: string | (() => string),
    options: FaultOptions = {},
  ): void {
    this.add('error', code, path, message, hint, options);
  }

  /** Notes a warning: the definition can be used, but hardly does what its author meant. */
  warning(
    code: string,
    path: Path,
    message: string,
    hint: string | (() => string),
    options: FaultOptions = {},
  ): void {
    this.add('warning', code, path, message, hint, options);
  }

  /** Silences further faults at and below a place whose shape is wrong. */
  markBroken(path: Path): void {
    this.broken.add(path.join('.'));
  }

  isBroken(path: Path): boolean {
    if (this.broken.size === 0) return false;
    for (let length = path.length; length >= 0; length--) {
      if (this.broken.has(path.slice(0, length).join('.'))) return true;
    }
    return false;
  }

  /** All faults in the order of the text, with a closing entry where the cap left some out. */
  list(): Fault[] {
    const sorted = this.faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
    for (const severity of ['error', 'warning'] as const) {
      const left = this.counts[severity] - LIMITS.faults;
      if (left <= 0) continue;
      sorted.push({
        code: 'too_many_faults',
        severity,
        message: `${left} further ${severity}s are not listed.`,
        hint: 'Correct those listed and check again.',
        line: 1,
        column: 1,
        path: '',
      });
    }
    return sorted;
  }

  private add(
    severity: Fault['severity'],
    code: string,
    path: Path,
    message: string,
    hint: string | (() => string),
    options: FaultOptions,
  ): void {
    if (this.isBroken(path)) return;
    if (++this.counts[severity] > LIMITS.faults) return;
    const { line, column } = options.position ?? this.places.locate(path, options.at ?? 'value');
    const step = this.places.stepName(path);
    this.faults.push({
      code,
      severity,
      message: oneLine(message),
      hint: oneLine(typeof hint === 'string' ? hint : hint()),
      line,
      column,
      path: oneLine(path.join('.')),
      ...(step === undefined ? {} : { step: oneLine(step) }),
    });
  }
}
