import { contentOf } from '../../../src/services/data-sources/check-content';

describe('the content of a data source', () => {
  const key = { key: 'k', label: 'K' };
  it.each([
    ['picklist', ['a', 'b']],
    ['picklist', [key]],
    ['string', 'text'],
    ['number', 5],
    ['boolean', false],
    ['schedule', { value: '* * * * *' }],
    ['objectSelection', [{ object: key, fields: [key], defaultSelected: true }]],
    [
      'objectFieldMap',
      { fields: [{ field: key, mappedObject: key }], options: [{ object: key, fields: [key] }] },
    ],
    ['jsonForm', { schema: { type: 'object' }, uiSchema: {}, data: { a: 1 } }],
    ['JSONFORM', { schema: {}, uiSchema: {} }],
    ['something newer', { any: 'thing' }],
  ])('of type %s is handed on whole', (type, result) => {
    expect(JSON.parse(contentOf({ result }, type))).toEqual(result);
  });

  it.each([
    ['picklist', 'one', /a list of texts/],
    ['picklist', [{ label: 'no key' }], /a list of texts.*see 0/],
    ['number', '5', /a number/],
    ['jsonForm', { schema: {} }, /"uiSchema"/],
    ['objectSelection', [{ fields: [] }], /see 0\.object/],
    ['string', undefined, /a text/],
  ])('of type %s is refused when it has another shape', (type, result, message) => {
    expect(() => contentOf({ result }, type)).toThrow(message);
  });

  it('is refused when it is too large, or nothing was returned', () => {
    expect(() => contentOf({ result: ['x'.repeat(9_000_000)] }, 'picklist')).toThrow('more than 8 MB');
    expect(() => contentOf(undefined, 'picklist')).toThrow(/a list of texts/);
  });
});
