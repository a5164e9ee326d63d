import { forgottenAwait } from '../../../../src/components/runner/forgotten-await';

const later = Promise.resolve('user');

describe('a result that holds a promise', () => {
  it('is told to its author by the names of what is missing', () => {
    expect(forgottenAwait({ data: later })).toContain("The result's data is a promise");
    expect(forgottenAwait({ data: { id: 7, user: later, team: later } })).toContain(
      "The result's data.user, data.team is a promise",
    );
  });

  it('is not told of data, lists, or what has a class of its own', () => {
    class Client {
      ready = later;
    }
    const others = [undefined, null, 'text', {}, { data: null }, { data: { id: 7 } }, { data: [later] }];
    for (const result of [...others, { data: new Client() }]) expect(forgottenAwait(result)).toBeUndefined();
  });
});
