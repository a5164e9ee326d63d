import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSmall } from '../../../src/services/integrations/desk/at-desk';

const DEFINITIONS = join(__dirname, '../../../definitions');

describe('a definition that is read at once', () => {
  it('is an ordinary one of a few hundred lines', () => {
    expect(isSmall(readFileSync(join(DEFINITIONS, 'hello-webhook.yml'), 'utf8'))).toBe(true);
    const line = '      - name: A step of an ordinary length\n        description: "with some text"\n';
    expect(isSmall(line.repeat(220))).toBe(true);
  });

  it.each([
    '[,,,',
    ', ',
    '- ',
    '-\n',
    'a,',
    ':\n',
    '? ',
    '*a ',
    '#\n',
    '"",',
    '!a,',
    '&a,',
    '%a\n',
    '~,',
    '---\n',
  ])('is none that takes long for its length, as %j again and again does', (pattern) => {
    expect(isSmall(pattern.repeat(20_000 / pattern.length))).toBe(false);
  });

  it('is none of more than 20 000 characters', () => {
    expect([isSmall('a'.repeat(20_000)), isSmall('a'.repeat(20_001))]).toEqual([true, false]);
  });
});
