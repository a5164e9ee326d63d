import type { PlanInput } from '../../../src/engine/plan';
import { resolveInput, resolveInputs } from '../../../src/engine/resolve-input';
import { Scope } from '../../../src/engine/scope';
import { reference, referencePart, template, text, value } from './plan-builder';

function scope(): Scope {
  const made = new Scope({ 'API Key': 'k-1', Limits: { max: 5 }, Conn: { fields: { host: 'h' } } });
  made.setResult('order', { data: { id: 7, lines: [{ sku: 'A' }], note: null } });
  made.setResult('file', { data: Buffer.from('bytes'), contentType: 'text/csv' });
  made.setResult('silent', {});
  made.setIteration('loop', { sku: 'B' }, 2);
  return made;
}

const resolve = (input: PlanInput): unknown => resolveInput(input, scope());

describe('an input of kind value', () => {
  it('is given on unchanged, whatever it looks like', () => {
    for (const plain of ['false', '0', '', '{{$order.results.id}}', null]) {
      expect(resolve(value(plain))).toBe(plain);
    }
  });
});

describe('an input of kind reference', () => {
  it('keeps the real type of what it reads', () => {
    expect(resolve(reference('order.results.id'))).toBe(7);
    expect(resolve(reference('order.results'))).toEqual({ id: 7, lines: [{ sku: 'A' }], note: null });
    expect(resolve(reference('order.results.note'))).toBeNull();
  });

  it('reads item and counter of the loop around it', () => {
    expect(resolve(reference('loop.currentItem.sku'))).toBe('B');
    expect(resolve(reference('loop.index'))).toBe(2);
  });

  it('gives the pair of bytes and content type for a binary result, and its bytes at data', () => {
    expect(resolve(reference('file.results'))).toEqual({
      data: Buffer.from('bytes'),
      contentType: 'text/csv',
    });
    expect(resolve(reference('file.results.data'))).toEqual(Buffer.from('bytes'));
  });

  it('of a step alone gives its results, and of a loop that goes on its present item', () => {
    expect(resolve(reference('order'))).toEqual(resolve(reference('order.results')));
    expect(resolve(reference('file'))).toEqual({ data: Buffer.from('bytes'), contentType: 'text/csv' });
    expect(resolve(reference('loop'))).toEqual({ sku: 'B' });
    expect(resolve(reference('other'))).toBeUndefined();
    expect(resolve(reference('silent'))).toBeUndefined();
    expect(resolve(template(referencePart('order'), text('/'), referencePart('loop')))).toBe(
      '{"id":7,"lines":[{"sku":"A"}],"note":null}/{"sku":"B"}',
    );
  });

  it('is undefined for a step that did not run or left nothing, and for an empty path', () => {
    expect(resolve(reference('other.results.id'))).toBeUndefined();
    expect(resolve(reference('silent.results.id'))).toBeUndefined();
    expect(resolve({ kind: 'reference', path: [] })).toBeUndefined();
  });

  it('reaches no step by an inherited name', () => {
    expect(resolve(reference('constructor.name'))).toBeUndefined();
    expect(resolve(reference('__proto__.constructor'))).toBeUndefined();
  });
});

describe('an input of kind configVar', () => {
  it('gives the whole value of the variable', () => {
    expect(resolve({ kind: 'configVar', key: 'API Key' })).toBe('k-1');
    expect(resolve({ kind: 'configVar', key: 'Conn' })).toEqual({ fields: { host: 'h' } });
  });

  it('is undefined when none is named, or one that is not set, or an inherited name', () => {
    for (const key of ['', 'Missing', 'constructor', '__proto__']) {
      expect(resolve({ kind: 'configVar', key })).toBeUndefined();
    }
  });
});

describe('an input of kind template', () => {
  it('is one text of its parts, in order', () => {
    const input = template(
      text('Order '),
      referencePart('order.results.id'),
      text('/'),
      { kind: 'configVar', key: 'API Key' },
      text('!'),
    );
    expect(resolve(input)).toBe('Order 7/k-1!');
  });

  it('leaves a missing value out and shows lists, objects and bytes as text', () => {
    expect(resolve(template(text('['), referencePart('order.results.nope'), text(']')))).toBe('[]');
    expect(resolve(template(referencePart('order.results.lines')))).toBe('[{"sku":"A"}]');
    expect(resolve(template({ kind: 'configVar', key: 'Limits' }))).toBe('{"max":5}');
    expect(resolve(template(referencePart('file.results.data')))).toBe('bytes');
    expect(resolve(template())).toBe('');
  });

  it('does not look for placeholders inside of what it has put in', () => {
    const made = new Scope({});
    made.setResult('a', { data: '{{$a.results}}' });
    expect(resolveInput(template(referencePart('a.results')), made)).toBe('{{$a.results}}');
  });
});

describe('complex inputs', () => {
  it('lists resolve each element, nested ones too', () => {
    const nested: PlanInput = { kind: 'list', items: [value('x'), reference('order.results.id')] };
    expect(resolve({ kind: 'list', items: [nested, value('y')] })).toEqual([['x', 7], 'y']);
    expect(resolve({ kind: 'list', items: [] })).toEqual([]);
  });

  it('pairs resolve name and value, and drop those whose name is empty', () => {
    const input: PlanInput = {
      kind: 'pairs',
      items: [
        { name: value('X-Id'), value: reference('order.results.id') },
        { name: reference('loop.currentItem.sku'), value: value('') },
        { name: value(''), value: value('') },
        { name: value(''), value: reference('order.results.nope') },
        { name: reference('order.results.nope'), value: value('left out') },
      ],
    };
    expect(resolve(input)).toEqual([
      { key: 'X-Id', value: 7 },
      { key: 'B', value: '' },
    ]);
  });

  it('expressions keep their shape, with terms resolved', () => {
    const input: PlanInput = {
      kind: 'expression',
      operator: 'and',
      terms: [
        { kind: 'expression', operator: 'equal', terms: [reference('order.results.id'), value('7')] },
        { kind: 'expression', operator: 'exists', terms: [reference('order.results.nope')] },
      ],
    };
    expect(resolve(input)).toEqual(['and', ['equal', 7, '7'], ['exists', undefined]]);
  });

  it('a step gets its inputs under their own keys, also one called __proto__', () => {
    const inputs = resolveInputs(JSON.parse('{"__proto__": {"kind": "value", "value": "v"}}'), scope());
    expect(Object.entries(inputs)).toEqual([['__proto__', 'v']]);
    expect(Object.getPrototypeOf(inputs)).toBe(Object.prototype);
  });
});
