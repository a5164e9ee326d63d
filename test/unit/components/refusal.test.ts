import { describeError } from '../../../src/components/runner/describe-error';
import { refusalIn } from '../../../src/components/runner/refusal';

const component = { key: 'any', isPublic: true, version: 1, signature: '' };
const trigger = { component, kind: 'trigger', key: 'any', context: {}, params: {} } as const;
const thrown = (httpStatus: unknown) => Object.assign(new Error('no'), { httpStatus });

describe('the status that a trigger refuses a request with', () => {
  it.each([400, 401, 403, 422, 499])('is that of its error: %d', (status) => {
    expect(refusalIn(thrown(status), trigger)).toEqual({ httpStatus: status });
  });

  it.each([undefined, null, 'text', thrown(200), thrown(399), thrown(500), thrown('401'), thrown(401.5)])(
    'is none for %p',
    (error) => {
      expect(refusalIn(error, trigger)).toEqual({});
    },
  );

  it('counts for built-in triggers alone, not for packages and not for actions', () => {
    expect(refusalIn(thrown(401), { ...trigger, bundlePath: '/x/index.js' })).toEqual({});
    expect(refusalIn(thrown(401), { ...trigger, kind: 'action' })).toEqual({});
    expect(describeError(thrown(401), (text) => text)).not.toHaveProperty('httpStatus');
  });
});
