import { builtins } from '../../../src/components/builtin';
import code from '../../../src/components/builtin/code';
import { loadSnippet } from '../../../src/components/builtin/code/snippet';
import collectionTools from '../../../src/components/builtin/collection-tools';
import type { CallKind, PerformRequest } from '../../../src/components/runner/contract';
import { runsForeignCode } from '../../../src/components/runner/foreign-code';
import { isKnown, remember } from '../../../src/components/runner/known-code';
import type { LoadedComponent } from '../../../src/components/runner/load-bundle';
import { callAction } from './builtin/call-component';

const requestOf = (
  component: string,
  key: string,
  params: Record<string, unknown> = {},
  more: Partial<PerformRequest> = {},
): PerformRequest => ({
  component: { key: component, isPublic: true, version: 1, signature: '' },
  kind: 'action',
  key,
  params,
  context: {},
  ...more,
});
const codeOf = (text: unknown) => requestOf('code', 'runCode', { code: text });
const packageOf = (bundlePath: string, more: Partial<PerformRequest> = {}) =>
  requestOf('acme', 'do', {}, { bundlePath, ...more });

describe('the text of a code step', () => {
  it('is known once it was compiled, by whatever entry', async () => {
    const text = 'module.exports = async () => ({ data: "first" })';
    remember(codeOf(text));
    expect(isKnown(codeOf(text))).toBe(false);
    await callAction(code)('runCode', { code: text });
    expect(isKnown(codeOf(text))).toBe(true);
    expect(isKnown(requestOf('code', 'runCodeTrigger', { code: text }, { kind: 'trigger' }))).toBe(true);
    expect(isKnown(codeOf(`${text} `))).toBe(false);
  });

  it('is new again when it is no longer kept', () => {
    const text = 'module.exports = () => "kept"';
    loadSnippet(text);
    expect(isKnown(codeOf(text))).toBe(true);
    for (let at = 0; at < 200; at += 1) loadSnippet(`module.exports = () => ${at}`);
    expect(isKnown(codeOf(text))).toBe(false);
  });

  it('is new when it does not compile or comes as something else than text', () => {
    expect(() => loadSnippet('((')).toThrow();
    for (const text of ['((', null, { data: 'a', contentType: 'b' }, Buffer.from('a')])
      expect(isKnown(codeOf(text))).toBe(false);
  });
});

describe('the functions of collection tools', () => {
  const transformCodeInput = ' (item) => item + 1 ';
  const filterCodeInput = '(item) => item > 1';
  const isMapKnown = (params: object) => isKnown(requestOf('collection-tools', 'map', { ...params }));

  it('are known once all of them were compiled', async () => {
    const call = callAction(collectionTools);
    await call('map', { listInput: [1, 2], transformCodeInput });
    expect(isMapKnown({ transformCodeInput })).toBe(true);
    expect(isMapKnown({ transformCodeInput, filterCodeInput })).toBe(false);
    await call('filter', { listInput: [1, 2], filterCodeInput });
    expect(isMapKnown({ transformCodeInput, filterCodeInput })).toBe(true);
  });

  it('are our own where the input is left as it is', () => {
    expect(isMapKnown({})).toBe(true);
    expect(isMapKnown({ filterCodeInput: '(item, index) => { return true; }' })).toBe(true);
  });
});

/** Each input of a built-in component, with a call that gives it a text. */
function calls(): { language: string | null | undefined; request: PerformRequest }[] {
  return (builtins as unknown as (LoadedComponent & { key: string })[]).flatMap((one) => {
    const tables = { action: one.actions, trigger: one.triggers, dataSource: one.dataSources };
    return Object.entries(tables).flatMap(([kind, table]) =>
      Object.entries(table ?? {}).flatMap(([key, { inputs }]) =>
        (inputs ?? []).map((input) => ({
          language: input.language,
          request: requestOf(one.key, key, { [input.key]: 'x => 1' }, { kind: kind as CallKind }),
        })),
      ),
    );
  });
}

it('is asked for every input of a built-in component that holds JavaScript, and for no other', () => {
  const [written, others] = [true, false].map((isCode) =>
    calls().filter(({ language }) => (language === 'javascript') === isCode),
  );
  expect(new Set(written?.map(({ request }) => request.component.key))).toEqual(
    new Set(['code', 'collection-tools']),
  );
  expect(written?.filter(({ request }) => isKnown(request) || !runsForeignCode(request))).toEqual([]);
  expect(others?.filter(({ request }) => !isKnown(request))).toEqual([]);
});

describe('an entry of a package', () => {
  it('is known once it began, and no other one with it', () => {
    expect(isKnown(packageOf('/a/1.js'))).toBe(false);
    remember(packageOf('/a/1.js'));
    expect(isKnown(packageOf('/a/1.js', { params: { code: 'x'.repeat(100) } }))).toBe(true);
    expect(isKnown(packageOf('/a/2.js'))).toBe(false);
    expect(isKnown(packageOf('/a/1.js', { key: 'undo' }))).toBe(false);
    expect(isKnown(packageOf('/a/1.js', { kind: 'trigger' }))).toBe(false);
  });

  it('is new again when many others came', () => {
    remember(packageOf('/b/1.js'));
    for (let at = 0; at < 500; at += 1) remember(packageOf(`/c/${at}.js`));
    expect(isKnown(packageOf('/b/1.js'))).toBe(false);
  });
});

it('is not asked of a component that is not here: nothing of it runs', () => {
  expect(isKnown(requestOf('nowhere', 'do', { code: 'x' }))).toBe(true);
  expect(isKnown(requestOf('code', 'nowhere', { code: 'x' }))).toBe(true);
});
