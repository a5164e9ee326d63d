import { FlowIndex } from '../../../src/engine/flow-index';
import { action, branching, flowOf, loopTimes, reference } from './plan-builder';

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

  it('keeps a loop’s list for code behind the loop, not for code before or in it', () => {
    const loop = loopTimes('loop', 1, [action('in', { reads: 'all' })]);
    const isListed = (steps: Parameters<typeof flowOf>[0], isAnswer = false) => {
      const flow = flowOf(steps);
      const found = flow.steps.find(({ key }) => key === 'loop');
      return new FlowIndex(flow).isListed(found!, isAnswer);
    };
    expect(isListed([action('code', { reads: 'all' }), loop])).toBe(false);
    expect(isListed([loop, action('code', { reads: 'all' })])).toBe(true);
    expect(isListed([loop])).toBe(false);
    expect(isListed([loop], true)).toBe(true);
    expect(isListed([loop, action('b', { inputs: { x: reference('loop.index') } })])).toBe(false);
  });
});
