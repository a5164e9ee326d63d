import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanInput, PlanStep } from '../../../src/engine/plan';
import { flowUsesStates, stepUsesStates } from '../../../src/services/state/uses-states';
import { action } from '../engine/plan-builder';

const ROOT = join(__dirname, '..', '..', '..', 'src', 'components', 'builtin');
const STATE_FIELD = /\b(?:execution|instance|crossFlow|integration)State\b/;

const stepOf = (key: string, inputs: Record<string, PlanInput> = {}, isPublic = true): PlanStep => ({
  ...action('a', {}),
  component: { key, isPublic, version: 1, signature: 's' },
  inputs,
});
const text = (value: string): PlanInput => ({ kind: 'value', value });

describe('which steps get the state objects', () => {
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it.each(folders.map(({ name }) => [name]))('%s: all that its code reads or changes', (name) => {
    const files = readdirSync(join(ROOT, name)).filter((file) => file.endsWith('.ts'));
    const isUsing = files.some((file) => STATE_FIELD.test(readFileSync(join(ROOT, name, file), 'utf8')));
    const component = /key: '([\w-]+)',\n\s*(?:public: \w+,\n\s*)?display/.exec(
      files.map((file) => readFileSync(join(ROOT, name, file), 'utf8')).join('\n'),
    );
    if (isUsing) expect([name, stepUsesStates(stepOf(component?.[1] ?? name))]).toEqual([name, true]);
  });

  it('are those of packages, and code that names one or is not known yet', () => {
    expect(stepUsesStates(stepOf('http', {}, false))).toBe(true);
    expect(stepUsesStates(stepOf('some-package'))).toBe(true);
    expect(stepUsesStates(stepOf('http'))).toBe(false);
    expect(stepUsesStates(stepOf('code', { code: text('module.exports = async () => 1') }))).toBe(false);
    expect(stepUsesStates(stepOf('code', { code: text('({ crossFlowState }) => 1') }))).toBe(true);
    expect(stepUsesStates(stepOf('code', { code: { kind: 'reference', path: ['a', 'results'] } }))).toBe(
      true,
    );
  });

  it('makes its flow one that reads them, wherever the step stands', () => {
    const user = stepOf('persist-data');
    const around = { ...stepOf('loop'), loop: { kind: 'times' as const, steps: [user] } };
    const branching = { ...stepOf('branch'), branches: [{ name: 'b', steps: [around] }] };
    const flowOf = (steps: PlanStep[]) =>
      ({ trigger: stepOf('webhook-triggers'), steps }) as Parameters<typeof flowUsesStates>[0];
    expect(flowUsesStates(flowOf([stepOf('http'), branching]))).toBe(true);
    expect(flowUsesStates(flowOf([stepOf('http'), stepOf('log')]))).toBe(false);
  });
});
