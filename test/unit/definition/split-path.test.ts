import * as fc from 'fast-check';
import { splitPath } from '../../../src/definition';

test.each<[string, string[]]>([
  ['hook.results.body.data', ['hook', 'results', 'body', 'data']],
  ['a.results.nodes.0.url', ['a', 'results', 'nodes', '0', 'url']],
  ['a.results.data[0].Id', ['a', 'results', 'data', '0', 'Id']],
  ['a.results.[".tag"]', ['a', 'results', '.tag']],
  ["a.results['x.y'].z", ['a', 'results', 'x.y', 'z']],
  ['hook.results.webhookUrls.Process Changes', ['hook', 'results', 'webhookUrls', 'Process Changes']],
  ['hook.results.headers.X-GitHub-Event', ['hook', 'results', 'headers', 'X-GitHub-Event']],
  ['a[0][1]b', ['a', '0', '1', 'b']],
  ['a[ "x" ]', ['a', 'x']],
  ['a["say \\"hi\\""]', ['a', 'say "hi"']],
  ['a..b.', ['a', 'b']],
  [' a.b\n', ['a', 'b']],
  ['a[0', ['a[0']],
  ['a["x"', ['a["x"']],
  ['', []],
  ['...', []],
])('splits %j into %j', (text, path) => {
  expect(splitPath(text)).toEqual(path);
});

const segment = fc.string({ minLength: 1, unit: 'binary' });

const quoted = (text: string) => `["${text.replace(/["\\]/g, '\\$&')}"]`;

test('gives back any segments that were written in quoted brackets', () => {
  fc.assert(
    fc.property(fc.array(segment), (segments) => {
      expect(splitPath(segments.map(quoted).join('.'))).toEqual(segments);
      expect(splitPath(segments.map(quoted).join(''))).toEqual(segments);
    }),
  );
});

test('gives back plain segments that were joined by dots', () => {
  const plain = segment.filter((text) => !/[.[]/.test(text) && text.trim() === text);
  fc.assert(
    fc.property(fc.array(plain), (segments) => {
      expect(splitPath(segments.join('.'))).toEqual(segments);
    }),
  );
});

test('never gives an empty segment and never throws', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab.[\]"'\\ ]*$/), (text) => {
      expect(splitPath(text)).not.toContain('');
    }),
  );
});

test.each(['[', '["', '[a', '[\'["', '].[', '.'])('reads a long text of %j in little time', (piece) => {
  const started = Date.now();
  splitPath(`${piece.repeat(200_000)}]`);
  expect(Date.now() - started).toBeLessThan(5_000);
});
