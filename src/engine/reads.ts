import { codeReads } from './code-reads';
import type { PlanInput, PlanStep } from './plan';

/** What a step may read of others. */
export interface Reads {
  /** Its code may read every step's result. */
  isAll: boolean;
  /** Its code may read these and no other; absent for a step without code. */
  code?: readonly string[];
  /** Keys that its inputs name, or its code. */
  keys: readonly string[];
  /** Those that its inputs name to read results, and not only a loop's present item or counter. */
  lists: readonly string[];
}

const known = new WeakMap<PlanStep, Reads>();

/** What a step reads, by its inputs. */
export function readsOf(step: PlanStep): Reads {
  const found = known.get(step) ?? collect(step);
  known.set(step, found);
  return found;
}

function collect(step: PlanStep): Reads {
  const code = step.reads === 'all' ? codeReads(codeOf(step)) : undefined;
  const paths = Object.values(step.inputs).flatMap(pathsOf);
  const keys = new Set([...paths.flatMap(([key]) => (key === undefined ? [] : [key])), ...(code ?? [])]);
  const lists = paths.flatMap(([key, part]) =>
    key !== undefined && (part === undefined || part === 'results') ? [key] : [],
  );
  return {
    isAll: step.reads === 'all' && code === undefined,
    ...(code && { code }),
    keys: [...keys],
    lists: [...new Set(lists)],
  };
}

/** The text of a code step, where it is the same in every run. */
function codeOf({ component, inputs }: PlanStep): string {
  const { code } = inputs;
  const isCode = component.key === 'code' && component.isPublic && code?.kind === 'value';
  return isCode && typeof code.value === 'string' ? code.value : '';
}

function pathsOf(input: PlanInput): string[][] {
  switch (input.kind) {
    case 'reference':
      return [input.path];
    case 'template':
      return input.parts.flatMap((part) => (part.kind === 'reference' ? [part.path] : []));
    case 'list':
      return input.items.flatMap(pathsOf);
    case 'pairs':
      return input.items.flatMap(({ name, value }) => [...pathsOf(name), ...pathsOf(value)]);
    case 'expression':
      return input.terms.flatMap(pathsOf);
    case 'value':
    case 'configVar':
      return [];
  }
}
