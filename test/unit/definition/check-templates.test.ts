import {
  checkDefinition,
  exportDefinition,
  type KnownTemplate,
  parseDefinition,
} from '../../../src/definition';
import { lookup } from './components';
import { HOOK, marked, withSteps } from './texts';

const component = { key: 'http', isPublic: true };
const { text, line, column } = marked(
  withSteps(
    HOOK,
    'requiredConfigVars: [{key: A, dataType: connection, connection: {key: apiKey, component: {key: http, isPublic: true}, template: «Acme, later: 1}}]\n',
  ),
);

function warnings(templates?: KnownTemplate[]) {
  const { definition, faults } = parseDefinition(text);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  return [...faults, ...checkDefinition(definition, lookup, templates && { templates })];
}

test('takes a preset that there is of that kind of connection, and says nothing where nothing is known', () => {
  expect(warnings([{ component, connection: 'apiKey', name: 'Acme' }])).toEqual([]);
  expect(warnings()).toEqual([]);
});

test.each<[string, KnownTemplate[], string]>([
  ['of no preset', [], 'Create it before a deploy.'],
  ['that nearly is one', [{ component, connection: 'apiKey', name: 'acme' }], 'Did you mean "acme"?'],
  ['of another kind', [{ component, connection: 'basic', name: 'Acme' }], 'Create it before a deploy.'],
  [
    'of another component',
    [{ component: { key: 'http', isPublic: false }, connection: 'apiKey', name: 'Acme' }],
    'Create it before a deploy.',
  ],
])('warns of a name %s, with its place and what to do', (_what, templates, hint) => {
  expect(warnings(templates)).toEqual([
    {
      code: 'unknown_connection_template',
      severity: 'warning',
      path: 'requiredConfigVars.0.connection.template',
      message: expect.stringContaining('There is no preset "Acme" of the connection "apiKey" of "http"'),
      hint,
      line,
      column,
    },
  ]);
});

test('an export keeps the preset, and keys beside it that are not known', () => {
  expect(exportDefinition(text)).toMatch(/template: Acme\n\s+later: 1\n/);
});
