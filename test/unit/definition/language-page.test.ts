import { checkDefinition, exportDefinition, parseDefinition } from '../../../src/definition';
import type { PlanFlow, PlanInput } from '../../../src/engine/plan';
import { resolveInput } from '../../../src/engine/resolve-input';
import { Scope } from '../../../src/engine/scope';
import { lookup } from './components';
import { planOf, reference, stepsOf, value } from './plan-of';
import { behindHook, faultsOf, HOOK, withSteps } from './texts';

/** Sentences of the reference page of the language, each with what it promises. */
const http = (name: string, inputs: string) =>
  `- {name: ${name}, action: {key: get, component: {key: http, isPublic: true}}, inputs: {${inputs}}}`;
const URL = 'url: {type: value, value: u}';
const inputsOf = (inputs: string) => stepsOf(behindHook(http('A', inputs)))[0]?.inputs ?? {};
const codesOf = (text: string) => faultsOf(text).map(({ code, severity }) => `${severity} ${code}`);
const flowText = (more: string, trigger = HOOK) =>
  withSteps(trigger).replace('name: Main\n', `name: Main\n    ${more}\n`);
const flowOf = (text: string): PlanFlow => planOf(text).flows[0]!;
const triggerOf = (key: string, more = '') =>
  `- {name: Hook, isTrigger: true, action: {key: ${key}, component: {key: hooks, isPublic: true}}${more}}`;
const resolved = (input: PlanInput | undefined) => {
  const scope = new Scope({ Known: 'value' });
  scope.setResult('hook', { data: { body: { data: [1] }, webhookUrls: { 'v1.2': 'u', 'A b-c': 'w' } } });
  return input && resolveInput(input, scope);
};

describe('reading', () => {
  it('takes empty text for nothing where a number, a switch, a word, a list or a mapping belongs', () => {
    const text = flowText(
      'isSynchronous: ""\n    endpointSecurityType: ""\n    retryConfig: ""\n    organizationApiKeys: ""\n    queueConfig: {concurrencyLimit: ""}',
    );
    expect(faultsOf(text)).toEqual([]);
    const flow = flowOf(text);
    expect(flow).toMatchObject({ isSynchronous: false, endpointSecurityType: 'customer_optional' });
    expect([flow.retry, flow.queue]).toEqual([undefined, undefined]);
  });

  it('keeps unknown keys, exports them in their place, and exports an export as the same bytes', () => {
    const text = behindHook(http('A', URL), 'zebra: {later: 1}\n').replace(
      'name: A,',
      'name: A, custom: [x],',
    );
    const once = exportDefinition(text);
    expect(once).toMatch(/name: Test\nzebra:\n {2}later: 1\nflows:/);
    expect(once).toMatch(/name: A\n\s+custom:\n/);
    expect(exportDefinition(once)).toBe(once);
  });

  it('refuses an unknown word, but for those that only editors show', () => {
    expect(codesOf(flowText('endpointSecurityType: nobody'))).toEqual(['error unknown_value']);
    const editors = withSteps(
      triggerOf('cron', ', schedule: {type: value, value: "0 0 * * *", meta: {scheduleType: fortnight}}'),
      'configPages: [{name: P, elements: [{type: video, value: x}]}]\nrequiredConfigVars: [{key: C, dataType: code, codeLanguage: klingon}]\n',
    );
    expect(codesOf(editors).filter((code) => code.startsWith('error'))).toEqual([]);
    expect(codesOf(editors).filter((code) => code.endsWith('unknown_value'))).toHaveLength(3);
  });

  it('refuses numbers out of range where they count', () => {
    const step = (type: string) =>
      behindHook(
        http('A', URL).replace('inputs', `errorConfig: {errorHandlerType: ${type}, maxAttempts: 99}, inputs`),
      );
    expect(codesOf(step('retry'))).toEqual(['error out_of_range']);
    expect(codesOf(step('fail')).map((code) => code.split(' ')[0])).toEqual(['warning']);
    expect(codesOf(flowText('retryConfig: {maxAttempts: 11}'))).toEqual(['error out_of_range']);
  });

  it('takes lists and mappings under type: value as they are', () => {
    expect(inputsOf(`${URL}, shape: {type: value, value: {a: [1]}}`)['shape']).toEqual(value({ a: [1] }));
  });
});

describe('inputs', () => {
  it('get the component’s default, else empty text; lists an empty list; connections and objects nothing', () => {
    expect(inputsOf(URL)).toEqual({
      url: value('u'),
      timeout: value('1000'),
      headers: { kind: 'list', items: [] },
      tags: { kind: 'list', items: [] },
    });
  });

  it('drop entries of a key-value list without a name', () => {
    const headers =
      '[{type: value, value: a, name: ""}, {type: value, value: b}, {type: value, value: c, name: C}]';
    expect(inputsOf(`${URL}, headers: {type: complex, value: ${headers}}`)['headers']).toEqual({
      kind: 'pairs',
      items: [{ name: value('C'), value: value('c') }],
    });
  });

  it('take a list with names for one of pairs where no collection is declared', () => {
    const given = `${URL}, more: {type: complex, value: [{type: value, value: c, name: C}]}`;
    expect(inputsOf(given)['more']).toMatchObject({ kind: 'pairs' });
    const plain = `${URL}, more: {type: complex, value: [{type: value, value: c}]}`;
    expect(inputsOf(plain)['more']).toEqual({ kind: 'list', items: [value('c')] });
  });

  it('take a template without placeholders for literal text, and skip spaces in front of $ and #', () => {
    expect(inputsOf('url: {type: template, value: "a {{b}} {{ }}"}')['url']).toEqual(value('a {{b}} {{ }}'));
    const spaced = inputsOf(
      'url: {type: template, value: "{{  $hook.results.body.data[0] }}/{{ # Known }}"}',
    )['url'];
    expect(resolved(spaced)).toBe('1/value');
  });

  it('give empty text for a config variable that is not there', () => {
    const text = behindHook(http('A', 'url: {type: template, value: "<{{#Nobody}}>"}'));
    expect(codesOf(text)).toEqual(['warning unknown_config_var']);
    expect(resolved(stepsOf(text)[0]?.inputs['url'])).toBe('<>');
  });

  it('pass on what a component does not declare, unless it looks like a declared one mistyped', () => {
    expect(codesOf(behindHook(http('A', `${URL}, colour: {type: value, value: x}`)))).toEqual([
      'warning unknown_input',
    ]);
    expect(inputsOf(`${URL}, colour: {type: value, value: x}`)['colour']).toEqual(value('x'));
    expect(codesOf(behindHook(http('A', `${URL}, timeuot: {type: value, value: x}`)))).toEqual([
      'error unknown_input',
    ]);
  });
});

describe('references', () => {
  it.each([
    ['hook.results.body.data[0]', ['hook', 'results', 'body', 'data', '0']],
    ['hook..results.[".tag"]', ['hook', 'results', '.tag']],
    ['hook.results.headers.X-Id', ['hook', 'results', 'headers', 'X-Id']],
    ['hook.results.webhookUrls.A b-c', ['hook', 'results', 'webhookUrls', 'A b-c']],
    ['hook.results.a[b', ['hook', 'results', 'a[b']],
  ])('are split at dots and brackets outside quotes: %s', (path, segments) => {
    const text = `url: {type: reference, value: '${path}'}`;
    expect(inputsOf(text)['url']).toEqual(reference(...segments));
  });

  it('name a flow with a dot in brackets', () => {
    const input = inputsOf(`url: {type: reference, value: 'hook.results.webhookUrls["v1.2"]'}`)['url'];
    expect(resolved(input)).toBe('u');
  });

  it('mean the first step of a key, and later ones get a number that no other name gives', () => {
    const names = ['Get Order', 'get order!', 'Get Order 2', '処理', '🔁', 'Step', "Get a Queue's URL"];
    const steps = stepsOf(behindHook(names.map((name) => http(JSON.stringify(name), URL)).join('\n')));
    expect(steps.map(({ key }) => key)).toEqual([
      'getOrder',
      'getOrder3',
      'getOrder2',
      'step2',
      'step3',
      'step',
      'getAQueueSUrl',
    ]);
  });
});

describe('flows', () => {
  it.each([
    ['queueConfig: {concurrencyLimit: 3}', { limit: 3 }],
    ['queueConfig: {type: throttled, concurrencyLimit: 3}', { limit: 3 }],
    ['queueConfig: {usesFifoQueue: true, concurrencyLimit: 3}', { limit: 3 }],
    ['queueConfig: {usesFifoQueue: true}', { limit: 1 }],
    ['queueConfig: {type: sequential}', { limit: 1 }],
  ])('have a queue with %s', (more, queue) => {
    expect(flowOf(flowText(more)).queue).toMatchObject(queue);
  });

  it.each([
    'queueConfig: {usesFifoQueue: true}\n    isSynchronous: true',
    'queueConfig: {usesFifoQueue: true, singletonExecutions: true}',
    'queueConfig: {singletonExecutions: true}',
  ])('refuse what does not go together: %s', (more) => {
    expect(codesOf(flowText(more))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^error \w+_conflict$/)]),
    );
  });

  it('have no retry with maxAttempts: 0', () => {
    expect(flowOf(flowText('retryConfig: {maxAttempts: 0, delayMinutes: 5}')).retry).toBeUndefined();
  });

  it('have batches where the trigger demands them, of its sizes or of 1', () => {
    expect(flowOf(withSteps(triggerOf('batches'))).batch).toMatchObject({ batchSize: 1 });
    const list = flowText('triggerResolver: {enabled: true}', triggerOf('list'));
    expect(flowOf(list).batch).toMatchObject({ batchSize: 50, concurrentBatchLimit: 4 });
  });

  it('take leading zeros in schedules, and the time zone of a config variable before that of the step', () => {
    const cron = withSteps(
      triggerOf('cron', ', schedule: {type: value, value: "00 05 */1 * *", meta: {timeZone: ""}}'),
    );
    expect(flowOf(cron).schedule).toEqual({ type: 'value', cron: '0 5 */1 * *', timeZone: 'UTC' });
    const variable = withSteps(
      triggerOf('cron', ', schedule: {type: configVar, value: When, meta: {timeZone: Europe/Paris}}'),
      'requiredConfigVars: [{key: When, dataType: schedule, timeZone: asia/tokyo}]\n',
    );
    expect(flowOf(variable).schedule).toMatchObject({ timeZone: 'Asia/Tokyo' });
  });

  it('refuse a schedule that reads step results', () => {
    const text = withSteps(
      triggerOf('cron', ', schedule: {type: template, value: "{{$hook.results.cron}}"}'),
    );
    expect(codesOf(text)).toEqual(expect.arrayContaining(['error wrong_input_type']));
  });

  it('read bare paths of an id inside the result of the trigger', () => {
    const more = 'retryConfig: {maxAttempts: 1, uniqueRequestIdField: headers.x-id}';
    expect(flowOf(flowText(more)).retry?.uniqueRequestId).toEqual(['hook', 'results', 'headers', 'x-id']);
  });

  it('count numbers of step errors for retry only', () => {
    const step = (type: string) =>
      stepsOf(
        behindHook(
          http('A', URL).replace(
            'inputs',
            `errorConfig: {errorHandlerType: ${type}, maxAttempts: 2, delaySeconds: 9}, inputs`,
          ),
        ),
      )[0]?.onError;
    expect(step('ignore')).toMatchObject({ type: 'ignore', maxAttempts: 0, delaySeconds: 0 });
    expect(step('retry')).toMatchObject({ type: 'retry', maxAttempts: 2, delaySeconds: 9 });
  });

  it('have one address only where something says which flow and whose', () => {
    const two = `${withSteps(HOOK, 'endpointType: instance_specific\n')}  - name: Other\n    steps:\n      ${HOOK}\n`;
    expect(codesOf(two)).toEqual(['error missing_key']);
    const shared = 'endpointType: shared_instance\n';
    expect(codesOf(withSteps(HOOK, shared))).toEqual(['error missing_key']);
  });

  it('take an empty stable key for none', () => {
    expect(flowOf(flowText('stableKey: ""')).stableKey).toBe(flowOf(withSteps(HOOK)).stableKey);
  });
});

describe('steps that choose', () => {
  const choosing = (branches: string) =>
    behindHook(`- name: Choose
  action: {key: branchOnExpression, component: {key: branch, isPublic: true}}
  inputs: {conditions: {type: complex, value: [{name: A, type: complex, value: [isTrue, {type: value, value: 'true'}]}]}}
  branches: ${branches}`);

  it('warn of a branch that can never be chosen, and of one that is missing', () => {
    expect(
      codesOf(choosing('[{name: A, steps: []}, {name: Never, steps: []}, {name: Else, steps: []}]')),
    ).toEqual(['warning unreachable_branch']);
    expect(codesOf(choosing('[{name: Else, steps: []}]'))).toEqual(['warning missing_branch']);
  });

  it('run the first of two branches of one name', () => {
    const branch = (name: string) =>
      `{name: A, steps: [{name: ${name}, action: {key: get, component: {key: http, isPublic: true}}, inputs: {${URL}}}]}`;
    const [step] = stepsOf(choosing(`[${branch('One')}, ${branch('Two')}, {name: Else, steps: []}]`));
    expect(step?.branches?.map(({ name, steps }) => [name, steps.length && steps[0]?.name])).toEqual([
      ['A', 'One'],
      ['Else', 0],
    ]);
  });
});

it('repeats no fault when a definition is checked again', () => {
  const { definition, faults } = parseDefinition(withSteps(HOOK));
  expect([faults, checkDefinition(definition!, lookup), checkDefinition(definition!, lookup)]).toEqual([
    [],
    [],
    [],
  ]);
});
