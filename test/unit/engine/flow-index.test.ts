import { FlowIndex } from '../../../src/engine/flow-index';
import { action, branching, flowOf, loopTimes, reference, value } from './plan-builder';

const trail = (index: FlowIndex, path: string) =>
  index.trailTo(path).map(({ place, iteration }) => [place.step.path, iteration]);

describe('the way to a record', () => {
  it('names the iteration of each loop on it', () => {
    const inner = loopTimes('inner', 1, [action('x'), action('y')]);
    const flow = flowOf([action('a'), loopTimes('outer', 1, [branching('b', { Yes: [inner] })])]);
    const index = new FlowIndex(flow);
    expect(trail(index, '0')).toEqual([['0', undefined]]);
    expect(trail(index, '2.loop.0.Yes.0.loop.1@4.7')).toEqual([
      ['2', 4],
      ['2.loop.0', undefined],
      ['2.loop.0.Yes.0', 7],
      ['2.loop.0.Yes.0.loop.1', undefined],
    ]);
    expect(trail(index, '2.loop.0.Yes.0@4')).toEqual([
      ['2', 4],
      ['2.loop.0', undefined],
      ['2.loop.0.Yes.0', undefined],
    ]);
    expect(() => index.trailTo('9')).toThrow('no step 9');
  });

  it('is found where names of branches look like iterations', () => {
    const loop = loopTimes('loop', 1, [branching('c', { 'x@3': [action('y')] })]);
    const flow = flowOf([branching('b', { 'a@1': [action('x')] }), loop]);
    const index = new FlowIndex(flow);
    expect(trail(index, '1.a@1.0')).toEqual([
      ['1', undefined],
      ['1.a@1.0', undefined],
    ]);
    expect(trail(index, '2.loop.0.x@3.0@5').map(([, iteration]) => iteration)).toEqual([
      5,
      undefined,
      undefined,
    ]);
  });
});

describe('what a flow reads', () => {
  it('is what its inputs name, or everything where code may read any', () => {
    const b = action('b', { inputs: { x: reference('a.results') } });
    expect([...new FlowIndex(flowOf([action('a'), b])).readKeys]).toEqual(['a']);
    const all = new FlowIndex(flowOf([action('a'), b, action('code', { reads: 'all' })]));
    expect([...all.readKeys]).toEqual(['trigger', 'a', 'b', 'code']);
  });

  const useOf = (steps: Parameters<typeof flowOf>[0], isAnswer = false) => {
    const index = new FlowIndex(flowOf(steps));
    return index.listUse(index.placeOf('loop')!.step, isAnswer);
  };
  const codeThat = (body: string, key = 'code') =>
    action(key, {
      component: { key: 'code', isPublic: true, version: 1, signature: 'sig' },
      reads: 'all',
      inputs: { code: value(`module.exports = async (context, stepResults) => { ${body} };`) },
    });
  const readsLoop = 'return { data: stepResults.loop.currentItem };';

  it('keeps a loop’s list for code behind the loop, not for code before or in it', () => {
    const loop = loopTimes('loop', 1, [action('in', { reads: 'all' })]);
    expect(useOf([action('code', { reads: 'all' }), loop])).toBe('none');
    expect(useOf([loop, action('code', { reads: 'all' })])).toBe('possible');
    expect(useOf([loop])).toBe('none');
    expect(useOf([loop], true)).toBe('named');
    expect(useOf([loop, action('b', { inputs: { x: reference('loop.index') } })])).toBe('none');
    expect(useOf([loop, action('b', { inputs: { x: reference('loop.results') } })])).toBe('named');
  });

  it('keeps no list for code that names the loop before it or in its body, only for code behind it', () => {
    const loop = loopTimes('loop', 1, [codeThat(readsLoop)]);
    expect(useOf([loop, action('b')])).toBe('none');
    expect(useOf([codeThat(readsLoop), loopTimes('loop', 1, [action('x')])])).toBe('none');
    expect(useOf([loop, codeThat(readsLoop, 'behind')])).toBe('named');
    expect(useOf([loop, codeThat('return { data: stepResults.b };', 'behind')])).toBe('none');
  });

  it('keeps the list of a loop that is part of another’s as what that one is kept as', () => {
    const outer = loopTimes('outer', 1, [loopTimes('loop', 1, [action('x')])]);
    expect(useOf([outer, codeThat('return { data: stepResults.outer };')])).toBe('named');
    expect(useOf([outer, action('code', { reads: 'all' })])).toBe('possible');
    expect(useOf([outer, action('b')])).toBe('none');
  });
});
