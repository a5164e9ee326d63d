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
  const sourceOf = (folder: string): string =>
    readdirSync(join(ROOT, folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
      .join('\n');
  const folders = readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  // Looked at more closely below.
  const CLOSER = ['code', 'collection-tools'];
  const using = folders.filter((name) => !CLOSER.includes(name) && STATE_FIELD.test(sourceOf(name)));

  it.each(using)('%s is among them, for its code reads or changes one', (name) => {
    const key = /key: '([\w-]+)',\n\s*(?:public: \w+,\n\s*)?display/.exec(sourceOf(name))?.[1] ?? name;
    expect(stepUsesStates(stepOf(key))).toBe(true);
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

  it.each([
    ['by a name that is computed', '(context, { a }) => ({ data: context[a.results] })', true],
    ['as the rest of others', '({ logger, ...rest }) => ({ data: rest })', true],
    ['by handing all of it on', 'async (context) => save(context)', true],
    ['by a name that is written oddly', 'async (context) => context.instance\\u0053tate', true],
    ['not at all, but others by name', 'async (context, stepResults) => context.logger.info("x")', false],
  ])('code that reads them %s', (_how, code, uses) => {
    expect(stepUsesStates(stepOf('code', { code: text(`module.exports = ${code};`) }))).toBe(uses);
  });

  it('of the collections, the one whose source file uses them', () => {
    const files = readdirSync(join(ROOT, 'collection-tools')).filter((file) =>
      STATE_FIELD.test(readFileSync(join(ROOT, 'collection-tools', file), 'utf8')),
    );
    expect(files).toEqual(['process-in-order.ts']);
    const using = (key: string) => stepUsesStates({ ...stepOf('collection-tools'), action: key });
    expect([using('processInOrder'), using('filter')]).toEqual([true, false]);
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
