import { isCompiled } from '../builtin/code/snippet';
import { sourceOf } from '../builtin/collection-tools/author-function';
import { findEntry } from './call-entry';
import type { PerformRequest } from './contract';
import type { LoadedInput } from './load-bundle';
import { builtIn } from './load-component';

/** Entries of packages that have run here, oldest first. */
const known = new Set<string>();
const KEPT = 500;

/** Whether what a call runs of others' code has run in this process before. */
export function isKnown(request: PerformRequest): boolean {
  return request.bundlePath === undefined ? isTextKnown(request) : known.has(nameOf(request));
}

/** The code of a call is about to run. Texts are kept where they are compiled. */
export function remember(request: PerformRequest): void {
  if (request.bundlePath === undefined) return;
  known.add(nameOf(request));
  const [oldest] = known;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
}

const nameOf = ({ bundlePath, kind, key }: PerformRequest): string => `${bundlePath} ${kind} ${key}`;

/** Of the inputs of a built-in component that hold code. */
function isTextKnown({ component, kind, key, params }: PerformRequest): boolean {
  const ours = builtIn(component);
  const inputs = (ours && findEntry(ours, kind, key)?.inputs) ?? [];
  const isCompiledOf = ({ key: name, language, default: initial }: LoadedInput): boolean => {
    const text = params[name];
    // The text that an input begins with is our own.
    if (language !== 'javascript' || text === undefined || text === initial) return true;
    return typeof text === 'string' && isCompiled(component.key === 'code' ? text : sourceOf(text));
  };
  return inputs.every(isCompiledOf);
}
