import { fillDefaults } from '../../../src/components/runner/fill-defaults';

describe('defaults of inputs', () => {
  it('fill what is missing and nothing else', () => {
    const inputs = [
      { key: 'given', type: 'string', default: 'd' },
      { key: 'missing', type: 'string', default: 'd' },
      { key: 'text', type: 'text' },
      { key: 'list', type: 'string', collection: 'valuelist', default: '' },
      { key: 'account', type: 'connection', default: '' },
      { key: 'form', type: 'jsonForm' },
    ];
    expect(fillDefaults(inputs, { given: '', extra: 1 })).toEqual({
      given: '',
      extra: 1,
      missing: 'd',
      text: '',
      list: [],
    });
  });

  it('are of each call its own', () => {
    const inputs = [{ key: 'options', type: 'data', default: { a: [1] } }];
    const first = fillDefaults(inputs, {});
    (first['options'] as { a: number[] }).a.push(2);
    expect(fillDefaults(inputs, {})).toEqual({ options: { a: [1] } });
  });

  it('of the first run after a deploy are left out of all others', () => {
    const inputs = [{ key: 'since', type: 'string', default: '2020', scope: 'ON_DEPLOY' }];
    expect(fillDefaults(inputs, {})).toEqual({});
    expect(fillDefaults(inputs, {}, { isFirstSync: true })).toEqual({ since: '2020' });
  });
});
