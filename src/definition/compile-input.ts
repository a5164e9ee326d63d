import type { InputManifest } from '../components/manifest';
import type { PlanInput } from '../engine/plan';
import type { InputItem, InputTree } from './input-tree';
import { isMapping } from './mapping';
import { parseTemplate } from './parse-template';
import { splitPath } from './split-path';

/** Inputs of these types are objects, so a missing one has no empty form. */
const OBJECTS = new Set([
  'connection',
  'conditional',
  'objectSelection',
  'objectFieldMap',
  'jsonForm',
  'dynamicObjectSelection',
  'dynamicFieldSelection',
  'structuredObject',
  'dynamicObject',
]);

/** The input that stands for one which the definition leaves out; nothing where the action gets none. */
export function defaultInput(declared: InputManifest): PlanInput | undefined {
  if (declared.type === 'connection') return undefined;
  const given = declared.default ?? undefined;
  // The SDK writes an empty text as the default of any input without one, lists included.
  if (declared.collection !== undefined && (given === undefined || given === '')) {
    return { kind: 'list', items: [] };
  }
  if (given !== undefined) return { kind: 'value', value: given };
  return OBJECTS.has(declared.type) ? undefined : { kind: 'value', value: '' };
}

const isNamed = ({ name }: InputItem): boolean =>
  name !== undefined && !(name.type === 'value' && name.text === '');

/** Only a key-value list has named entries; where a component declares no collection, the names decide. */
function isPairs(items: readonly InputItem[], declared: InputManifest | undefined): boolean {
  if (declared?.collection === 'keyvaluelist') return true;
  if (declared?.collection === 'valuelist' && declared.type !== 'conditional') return false;
  return items.some(isNamed);
}

function compileList(items: readonly InputItem[], declared: InputManifest | undefined): PlanInput {
  if (!isPairs(items, declared))
    return { kind: 'list', items: items.map((item) => compileInput(item.value)) };
  // Editors leave rows without a name behind; they mean nothing.
  const pairs = items
    .filter(isNamed)
    .flatMap(({ name, value }) => (name === undefined ? [] : [{ name, value }]));
  return {
    kind: 'pairs',
    items: pairs.map(({ name, value }) => ({ name: compileInput(name), value: compileInput(value) })),
  };
}

function compileTemplate(text: string): PlanInput {
  const parts = parseTemplate(text);
  return parts.some((part) => part.kind !== 'text')
    ? { kind: 'template', parts }
    : { kind: 'value', value: text };
}

/** The object that the text of a structured or dynamic object means; components take such inputs apart unread. */
function objectIn(text: string, declared: InputManifest | undefined): object | undefined {
  if (declared?.type !== 'structuredObject' && declared?.type !== 'dynamicObject') return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isMapping(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Compiles an input as written; an empty reference or config variable stays one and resolves to nothing. `declared`
 * says what the component makes of a complex one.
 */
export function compileInput(tree: InputTree, declared?: InputManifest): PlanInput {
  switch (tree.type) {
    case 'value':
      return { kind: 'value', value: tree.data ?? objectIn(tree.text, declared) ?? tree.text };
    case 'reference':
      return { kind: 'reference', path: splitPath(tree.text) };
    case 'configVar':
      return { kind: 'configVar', key: tree.text };
    case 'template':
      return compileTemplate(tree.text);
    case 'list':
      return compileList(tree.items, declared);
    case 'expression':
      return {
        kind: 'expression',
        operator: tree.operator,
        terms: tree.terms.map((term) => compileInput(term)),
      };
    default:
      // What nobody looks up counts as left out.
      return (declared && defaultInput(declared)) ?? { kind: 'configVar', key: '' };
  }
}

/** Adds the roots of all references within an input to `roots`. */
export function collectRoots(input: PlanInput, roots: Set<string>): void {
  switch (input.kind) {
    case 'reference':
      if (input.path[0] !== undefined) roots.add(input.path[0]);
      break;
    case 'template':
      for (const part of input.parts) if (part.kind === 'reference') collectRoots(part, roots);
      break;
    case 'list':
      for (const item of input.items) collectRoots(item, roots);
      break;
    case 'pairs':
      for (const { name, value } of input.items) {
        collectRoots(name, roots);
        collectRoots(value, roots);
      }
      break;
    case 'expression':
      for (const term of input.terms) collectRoots(term, roots);
      break;
    default:
  }
}
