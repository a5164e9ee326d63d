import { didYouMean } from '../../../src/definition/nearest';

describe('a hint made of names', () => {
  const known = new Map([
    ['Acme', 1],
    ['Orders', 2],
  ]);

  test('gives the nearest, else all that there are, also of names that can be gone through once', () => {
    expect(didYouMean('Acne', known.keys())).toBe('Did you mean "Acme"?');
    expect(didYouMean('Zebra', known.keys())).toBe('Known: "Acme", "Orders".');
    expect(didYouMean('Zebra', [])).toBe('There is none to choose from.');
  });
});
