import * as fc from 'fast-check';
import { parseTemplate } from '../../../src/definition';

const text = (value: string) => ({ kind: 'text', text: value });
const reference = (...path: string[]) => ({ kind: 'reference', path });
const configVar = (key: string) => ({ kind: 'configVar', key });

test.each([
  ['Hi {{$hook.results.name}}!', [text('Hi '), reference('hook', 'results', 'name'), text('!')]],
  ['LIMIT {{#SFDC Page Size}}', [text('LIMIT '), configVar('SFDC Page Size')]],
  ['{{$a.results}}{{#B}}', [reference('a', 'results'), configVar('B')]],
  ['{{$ a.results }}{{# B }}', [reference('a', 'results'), configVar('B')]],
  ['{{ $a.results }}{{  #B}}', [reference('a', 'results'), configVar('B')]],
  ['{{ $ }} {{ x $a }}', [text('{{ $ }} {{ x $a }}')]],
  ['{{ {{ $a.results }}', [text('{{ '), reference('a', 'results')]],
  ['{{   ', [text('{{   ')]],
  ['{{$a.results.[".tag"]}}', [reference('a', 'results', '.tag')]],
  ['no placeholder', [text('no placeholder')]],
  ['{{ liquid }} {{$}} {{#}} {{$.}}', [text('{{ liquid }} {{$}} {{#}} {{$.}}')]],
  ['{{{$a.results}}}', [text('{'), reference('a', 'results'), text('}')]],
  ['open {{$a.results', [text('open {{$a.results')]],
  ['line\n{{$a.results}}\nline', [text('line\n'), reference('a', 'results'), text('\nline')]],
  ['', []],
])('reads %j', (template, parts) => {
  expect(parseTemplate(template)).toEqual(parts);
});

const literal = fc.string({ unit: 'binary' }).filter((value) => !/[{}]/.test(value));
const name = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9 -]{0,9}$/).map((value) => value.trim());

test('keeps every character that is no placeholder, and reads every placeholder', () => {
  const part = fc.oneof(
    literal.map((value) => ({ source: value, read: value === '' ? [] : [text(value)] })),
    name.map((value) => ({ source: `{{#${value}}}`, read: [configVar(value)] })),
    fc
      .array(name, { minLength: 1 })
      .map((path) => ({ source: `{{$${path.join('.')}}}`, read: [reference(...path)] })),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const expected: { kind: string; text?: string }[] = [];
      for (const one of parts.flatMap(({ read }) => read as { kind: string; text?: string }[])) {
        const last = expected.at(-1);
        if (last?.kind === 'text' && one.kind === 'text')
          expected[expected.length - 1] = text(`${last.text}${one.text}`);
        else expected.push(one);
      }
      expect(parseTemplate(parts.map(({ source }) => source).join(''))).toEqual(expected);
    }),
  );
});

test('never throws, and never gives two texts in a row', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[{}$#a. ]*$/), (template) => {
      const kinds = parseTemplate(template).map(({ kind }) => kind);
      expect(kinds.some((kind, index) => kind === 'text' && kinds[index + 1] === 'text')).toBe(false);
    }),
  );
});

test.each(['{{', '{{$', '{{#', '{{x', '{{$}', '}}', '{{ ', ' '])(
  'reads a long text of %j in little time',
  (piece) => {
    const started = Date.now();
    parseTemplate(`${piece.repeat(200_000)}}}`);
    expect(Date.now() - started).toBeLessThan(5_000);
  },
);
