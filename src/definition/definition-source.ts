import type { Fault } from './fault';
import { FaultList } from './fault-list';
import type { Definition } from './schema';

interface DefinitionSource {
  /** Knows the text's lines and its broken places. */
  list: FaultList;
  /** What reading the text found. */
  faults: Fault[];
}

// Beside the definition, not in it, so that it stays plain data.
const sources = new WeakMap<Definition, DefinitionSource>();

/** Keeps the text's places and faults for later checks of the definition. */
export function rememberSource(definition: Definition, source: DefinitionSource): void {
  sources.set(definition, source);
}

/** A new list of faults for a definition; one that was not read from text has all its faults on line 1. */
export function faultListFor(definition: Definition): FaultList {
  const known = sources.get(definition)?.list.next();
  if (known !== undefined) return known;
  const locate = () => ({ line: 1, column: 1 });
  return new FaultList({ locate, locateWithin: () => undefined, stepName: () => undefined });
}

/** What reading the definition's text found. */
export function sourceFaults(definition: Definition): Fault[] {
  return sources.get(definition)?.faults ?? [];
}
