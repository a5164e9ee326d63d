import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { read } from './realistic-parts';

const PAGE = join(__dirname, '..', '..', '..', 'docs', 'reference', 'definition.md');

test('the example of the reference can be used as it stands', () => {
  const [, example = ''] = /```yaml\n(- name: Route\n[^]*?)```/.exec(readFileSync(PAGE, 'utf8')) ?? [];
  const order = `- name: Order
  action: { key: runCode, component: { key: code, version: LATEST, isPublic: true } }
  inputs: { code: { type: value, value: 'module.exports = async () => ({ data: {} });' } }
`;
  const { faults, plan } = read(`definitionVersion: 7
name: Example
flows:
  - name: Main
    steps:
      - name: Trigger
        isTrigger: true
        action: { key: webhook, component: { key: webhook-triggers, version: LATEST, isPublic: true } }
${`${order}${example}`.replace(/^(?=.)/gm, '      ')}`);
  expect(faults).toEqual([]);
  expect(plan?.flows[0]?.steps.map(({ key }) => key)).toEqual(['order', 'route', 'region', 'eachItem']);
});
