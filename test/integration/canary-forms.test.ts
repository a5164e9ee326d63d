import { Search } from '../support/canary-search';
import { aCanary } from '../support/canary-slots';

const canary = aCanary('zz');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const found = (planted: string | Buffer) =>
  new Search([['here', Buffer.concat([Buffer.from('before '), Buffer.from(planted as string)])]]).find(
    canary,
  );

/** The search itself: a search that finds nothing anywhere would let every secret pass. */
describe('the search for a canary', () => {
  test.each([
    ['plain', canary, 'plain'],
    ['URL-encoded', encodeURIComponent(canary), 'URL-encoded'],
    ['as JSON', JSON.stringify(canary), 'JSON'],
    ['as JSON within JSON', JSON.stringify(JSON.stringify(canary)), 'plain in part'],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(canary)), 'plain in part'],
    ['in base64 within other text', base64(`a:${canary}:b`), 'base64 at 2'],
    ['as JSON in base64', base64(JSON.stringify({ a: canary })), 'base64 at 0 in part'],
    ['as JSON in hexadecimal', Buffer.from(JSON.stringify(canary)).toString('hex'), 'hexadecimal in part'],
    ['as UTF-16', Buffer.from(canary, 'utf16le'), 'UTF-16'],
    ['cut in front of its signs', canary.slice(0, 20), 'plain in part'],
  ])('finds it %s', (_, planted, form) => {
    expect(found(planted)).toContain(`here: ${form}`);
  });

  test('finds nothing where nothing is, and not another canary', () => {
    expect(found(`${aCanary('zz')} ${base64(aCanary('zz'))}`)).toEqual([]);
  });

  test('refuses to look for nothing', () => {
    expect(() => new Search([]).find('')).toThrow('nothing to look for');
  });

  test('tells the place of each hit, and leaves out places that were not asked for', () => {
    const search = new Search([
      ['output of api', Buffer.from(canary)],
      ['collection logs', Buffer.from(canary)],
    ]);
    const hits = search.find(canary, /^output/);
    expect(hits).toContain('output of api: plain');
    expect(hits.filter((hit) => !hit.startsWith('output of api: '))).toEqual([]);
  });
});
