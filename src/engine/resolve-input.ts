import type { PlanInput, PlanTemplatePart } from './plan';
import type { Values } from './scope';
import { toText } from './text';

/** Gives every input of a step its run-time value. Total: a missing value is undefined, never an error. */
export function resolveInputs(inputs: Record<string, PlanInput>, scope: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, resolveInput(input, scope)]));
}

export function resolveInput(input: PlanInput, scope: Values): unknown {
  switch (input.kind) {
    case 'value':
      return input.value;
    case 'reference':
      return input.path.length === 0 ? undefined : scope.read(input.path);
    case 'configVar':
      return input.key === '' ? undefined : scope.configVar(input.key);
    case 'template':
      return input.parts.map((part) => templatePart(part, scope)).join('');
    case 'list':
      return input.items.map((item) => resolveInput(item, scope));
    case 'pairs':
      return input.items
        .map(({ name, value }) => ({
          key: toText(resolveInput(name, scope)),
          value: resolveInput(value, scope),
        }))
        .filter(({ key }) => key !== '');
    case 'expression':
      return [input.operator, ...input.terms.map((term) => resolveInput(term, scope))];
  }
}

function templatePart(part: PlanTemplatePart, scope: Values): string {
  if (part.kind === 'text') return part.text;
  return toText(part.kind === 'reference' ? scope.read(part.path) : scope.configVar(part.key));
}
