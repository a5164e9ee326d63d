import { codeReads, contextReads } from '../../../src/engine/code-reads';

const body = (parameters: string, text: string) => `module.exports = async (${parameters}) => { ${text} };`;

describe('what a code step says that it reads', () => {
  it.each<[string, string, string[]]>([
    [
      'a parameter taken apart',
      body('context, { order, loop: { currentItem } }', 'return {};'),
      ['order', 'loop'],
    ],
    ['with defaults', body('context, { order = {} } = {}', ''), ['order']],
    [
      'members',
      body('context, results', 'return { data: results.order.results.id + results["a b"].results };'),
      ['order', 'a b'],
    ],
    ['optional members', body('c, r', 'return { data: r?.order?.results };'), ['order']],
    [
      'a later taking apart',
      body('c, r', 'const { order, trigger: t } = r; return { data: t };'),
      ['order', 'trigger'],
    ],
    ['a parameter of the usual name', body('c, stepResults', 'return stepResults.order;'), ['order']],
    ['a function with a name', 'module.exports = async function run(c, r) { return r.a; };', ['a']],
    ['no second parameter', body('context', 'return { data: context.flow.id };'), []],
    [
      'members of others that have its name',
      body('c, r', 'const x = { r: 1 }; return { data: x.r + r.a };'),
      ['a'],
    ],
    ['helpers beside it', `const add = (x) => x + 1;\n${body('c, r', 'return { data: add(r.a) };')}`, ['a']],
  ])('is taken from %s', (_what, text, keys) => {
    expect(codeReads(text)?.toSorted()).toEqual(keys.toSorted());
  });

  it.each([
    ['a key that is computed', body('c, r', 'return { data: r[c.flow.name] };')],
    ['a template as key', body('c, r', 'return { data: r[`a`] };')],
    ['all of it handed on', body('c, r', 'return { data: Object.keys(r) };')],
    ['what every object has', body('c, r', 'return { data: r.hasOwnProperty(c.flow.name) };')],
    ['what every object has, taken apart', body('c, { valueOf }', 'return valueOf;')],
    ['all of it given back', body('c, r', 'return { r };')],
    ['another name for it', body('c, r', 'const s = r; return s.a;')],
    ['the rest of it', body('c, { a, ...others }', 'return others;')],
    ['a later rest of it', body('c, r', 'const { a, ...others } = r; return others;')],
    ['a computed pattern', body('c, { [String(1)]: a }', 'return a;')],
    ['the context’s results', body('context, r', 'return context.stepResults.a;')],
    ['the context’s results, taken apart', body('{ stepResults }', 'return stepResults.a;')],
    ['the context’s results by text', body('context', 'return context["stepResults"].a;')],
    ['arguments', 'module.exports = async function (c) { return arguments[1].a; };'],
    ['rest parameters', body('...all', 'return all[1].a;')],
    ['eval', body('c, r', 'return eval("r.a");')],
    ['with', 'module.exports = async function (c, r) { with (r) { return a; } };'],
    ['an inner function that hides its name', body('c, r', 'return [1].map((r) => r);')],
    ['an export by another name', 'const run = async (c, r) => r.a; module.exports = run;'],
    ['an export of several', 'module.exports = { default: async (c, r) => r };'],
    ['a second export', `${body('c, r', 'return r.a;')} if (1) module.exports = async (c, r) => r;`],
    ['no export', 'return 1;'],
    ['what is no JavaScript', 'module.exports = async (c, r => {'],
    ['what is nested too deep', body('c, r', `return ${'['.repeat(50_000)}${']'.repeat(50_000)};`)],
    ['nothing', ''],
  ])('is everything for %s', (_what, text) => {
    expect(codeReads(text)).toBeUndefined();
  });
});

describe('what a code step says that it reads of its context', () => {
  it.each<[string, string, string[]]>([
    ['members', body('context, stepResults', 'context.logger.info(stepResults.a.results);'), ['logger']],
    ['a parameter taken apart', body('{ logger, configVars: { key } }, { a }', ''), ['logger', 'configVars']],
    ['a later taking apart', body('c', 'const { flow } = c; return { data: flow.id };'), ['flow']],
    ['no parameter', body('', 'return {};'), []],
  ])('is taken from %s', (_what, text, names) => {
    expect(contextReads(text)?.toSorted()).toEqual(names.toSorted());
  });

  it.each([
    ['a name that is computed', body('c, { a }', 'return { data: c[a.results] };')],
    ['the rest of it', body('{ logger, ...rest }', 'return { data: rest };')],
    ['a later rest of it', body('c', 'const { logger, ...rest } = c; return { data: rest };')],
    ['all of it copied', body('c', 'return { data: { ...c } };')],
    ['all of it handed on', body('c', 'return help(c);')],
    ['arguments', 'module.exports = async function (c) { return arguments[0].a; };'],
  ])('is everything for %s', (_what, text) => {
    expect(contextReads(text)).toBeUndefined();
  });
});
