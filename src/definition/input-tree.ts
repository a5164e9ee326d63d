import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { isMapping } from './mapping';
import { didYouMean } from './nearest';
import { OPERATORS } from './operators';
import { INPUT_TYPES } from './schema';
import { describeValue } from './shape';

/** An input as a typed tree; `path` leads to its `value`. */
export type InputTree =
  | { type: 'value'; text: string; path: Path /** A mapping or list, whose JSON is `text`. */; data?: object }
  | { type: 'reference' | 'configVar' | 'template'; text: string; path: Path }
  | { type: 'list'; items: InputItem[]; path: Path }
  | { type: 'expression'; operator: string; terms: InputTree[]; path: Path }
  | { type: 'dataSource' | 'scopedConfigVar'; path: Path };

/** One element of a complex input; only key-value pairs and conditions have a name. */
export interface InputItem {
  name?: InputTree;
  value: InputTree;
}

/** Reads inputs as trees; with a list of faults it also reports what is wrong in them. */
class InputReader {
  constructor(private readonly faults: FaultList | undefined) {}

  input(raw: unknown, path: Path): InputTree {
    if (!isMapping(raw)) {
      const message = `An input is a mapping with "type" and "value", not ${describeValue(raw)}.`;
      this.faults?.error('wrong_type', path, message, 'Write e.g. "type: value" and "value: text".');
      return { type: 'value', text: '', path };
    }
    const type = raw.type;
    const place = [...path, 'value'];
    switch (type) {
      case 'value':
        return this.value(raw.value, place);
      case 'reference':
      case 'configVar':
      case 'template':
        return { type, text: this.text(raw.value, place), path: place };
      case 'complex':
        // Editors write empty text for a list that is still to be filled in.
        return this.complex(raw.value === '' ? [] : (raw.value ?? []), place);
      case 'dataSource':
      case 'scopedConfigVar':
        return { type, path: place };
      default:
        this.unknownType(type, path);
        return { type: 'value', text: '', path: place };
    }
  }

  private unknownType(type: unknown, path: Path): void {
    if (type === undefined) {
      this.faults?.error(
        'missing_key',
        [...path, 'type'],
        'The key "type" is missing.',
        'Add e.g. "type: value".',
      );
      return;
    }
    const message = `"type" cannot be ${describeValue(type)}.`;
    const hint = () => didYouMean(typeof type === 'string' ? type : '', INPUT_TYPES);
    this.faults?.error('unknown_value', [...path, 'type'], message, hint);
  }

  private value(value: unknown, path: Path): InputTree {
    if (typeof value !== 'object' || value === null)
      return { type: 'value', text: this.text(value, path), path };
    const message = `The value of an input is text; ${describeValue(value)} is read as it is.`;
    const hint = 'Write it as JSON text in quotes, or use "type: complex" for a list of inputs.';
    this.faults?.warning('unquoted_value', path, message, hint);
    return { type: 'value', text: JSON.stringify(value), data: value, path };
  }

  private text(value: unknown, path: Path): string {
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return '';
    if (typeof value === 'number' || typeof value === 'boolean') {
      const message = `The value of an input is text; ${describeValue(value)} is read as "${String(value)}".`;
      this.faults?.warning('unquoted_value', path, message, `Write it in quotes: "${String(value)}".`);
      return String(value);
    }
    const message = `"value" must be text, not ${describeValue(value)}.`;
    this.faults?.error('wrong_type', path, message, 'Write it in quotes, or use "type: complex" for a list.');
    return '';
  }

  private complex(value: unknown, path: Path): InputTree {
    if (!Array.isArray(value)) {
      const message = `The value of a complex input is a list, not ${describeValue(value)}.`;
      this.faults?.error('wrong_type', path, message, 'Give a list of inputs.');
      return { type: 'list', items: [], path };
    }
    // Elements of lists are mappings or lists; text at the head can only be an operator.
    if (typeof value[0] === 'string') return this.expression(value, path);
    const items = value.map((element: unknown, index) => this.item(element, [...path, index]));
    return { type: 'list', items, path };
  }

  private item(element: unknown, path: Path): InputItem {
    const value = this.term(element, path);
    if (!isMapping(element) || element.name === undefined) return { value };
    const place = [...path, 'name'];
    if (isMapping(element.name)) return { name: this.input(element.name, place), value };
    return { name: { type: 'value', text: this.text(element.name, place), path: place }, value };
  }

  private term(element: unknown, path: Path): InputTree {
    return Array.isArray(element) ? this.complex(element, path) : this.input(element, path);
  }

  private expression(value: unknown[], path: Path): InputTree {
    const operator = String(value[0]);
    const terms = value.slice(1).map((element, index) => this.term(element, [...path, index + 1]));
    this.checkTerms(operator, terms, path);
    return { type: 'expression', operator, terms, path };
  }

  private checkTerms(operator: string, terms: readonly InputTree[], path: Path): void {
    const operands = OPERATORS.get(operator);
    if (operands === undefined) {
      const hint = () => didYouMean(operator, OPERATORS.keys());
      this.faults?.error('unknown_operator', [...path, 0], `There is no operator "${operator}".`, hint);
    } else if (operands !== 'expressions') {
      if (terms.length >= operands) return;
      const message = `The operator "${operator}" takes ${operands} term${operands === 1 ? '' : 's'}, not ${terms.length}.`;
      this.faults?.error('missing_term', path, message, 'Add an input for each term.');
    } else {
      const wrong = terms.find((term) => term.type !== 'expression');
      if (wrong === undefined) return;
      const message = `The operator "${operator}" combines expressions, not inputs.`;
      this.faults?.error(
        'wrong_type',
        wrong.path,
        message,
        'Write it as a list that begins with an operator.',
      );
    }
  }
}

/** Reads an input whose shape has been checked before. */
export function readInput(raw: unknown, path: Path): InputTree {
  return new InputReader(undefined).input(raw, path);
}

/** Reports what is wrong in the shape of an input. */
export function checkInputShape(raw: unknown, path: Path, faults: FaultList): void {
  new InputReader(faults).input(raw, path);
}

/** The input itself and all inputs within it. */
export function* eachInput(tree: InputTree): Generator<InputTree> {
  yield tree;
  if (tree.type === 'expression') for (const term of tree.terms) yield* eachInput(term);
  if (tree.type !== 'list') return;
  for (const item of tree.items) {
    if (item.name !== undefined) yield* eachInput(item.name);
    yield* eachInput(item.value);
  }
}
