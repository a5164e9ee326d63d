import fc from 'fast-check';

/** What a random flow is made of, before its steps have names. Numbers in `reads` choose among the earlier steps. */
export type Shape =
  | { is: 'call' | 'code'; reads: number[] }
  /** A call that the service refuses. */
  | { is: 'refused'; handled: 'ignore' | 'retry' | 'fail' }
  | { is: 'state'; level: number }
  | { is: 'branch'; by: number; yes: Shape[]; no: Shape[] }
  | { is: 'items' | 'times'; count: number; body: Shape[] }
  | { is: 'sleep'; ms: number }
  | { is: 'leave' | 'stop' };

/** Steps that a flow comes to, each iteration counted. */
const SIZE = { least: 25, most: 70 };
const CALLS = { least: 12, most: 45 };

const reads = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 3 });

const leaf: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ is: fc.constant('call' as const), reads }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('code' as const), reads }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('state' as const), level: fc.nat({ max: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('refused' as const),
      // Most are handled, lest most flows end at their start.
      handled: fc.constantFrom(...(['ignore', 'ignore', 'retry', 'retry', 'fail'] as const)),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Shape>({ is: 'sleep', ms: 50 }, { is: 'sleep', ms: 2100 }) },
  { weight: 2, arbitrary: fc.constant<Shape>({ is: 'leave' }) },
  { weight: 1, arbitrary: fc.constant<Shape>({ is: 'stop' }) },
);

const { steps } = fc.letrec<{ steps: Shape[]; step: Shape }>((tie) => {
  const body = tie('steps').filter(({ length }) => length > 0);
  const count = fc.integer({ min: 0, max: 4 });
  return {
    steps: fc.array(tie('step'), { maxLength: 5 }),
    step: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'nesting' },
      { weight: 5, arbitrary: leaf },
      {
        weight: 1,
        arbitrary: fc.record({
          is: fc.constant('branch' as const),
          by: fc.nat(),
          yes: body,
          no: tie('steps'),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ is: fc.constantFrom('items' as const, 'times' as const), count, body }),
      },
    ),
  };
});

/** What is left of a walk behind some steps. */
type Rest = 'on' | 'leave' | 'end';

/** Counts the steps that a flow comes to if each of its branches goes to Yes, as most do. */
function walk(of: readonly Shape[], count: (shape: Shape) => void): Rest {
  for (const shape of of) {
    count(shape);
    if (shape.is === 'stop' || (shape.is === 'refused' && shape.handled === 'fail')) return 'end';
    if (shape.is === 'leave') return 'leave';
    const rest = shape.is === 'branch' ? walk(shape.yes, count) : 'on';
    if (rest !== 'on') return rest;
    if (!('body' in shape)) continue;
    for (let turn = 0; turn < shape.count; turn += 1) {
      const left = walk(shape.body, count);
      if (left === 'end') return 'end';
      if (left === 'leave') break;
    }
  }
  return 'on';
}

function sizeOf(of: readonly Shape[], isCounted: (shape: Shape) => boolean): number {
  let size = 0;
  walk(of, (shape) => {
    if (isCounted(shape)) size += 1;
  });
  return size;
}

const within = (size: number, { least, most }: typeof SIZE): boolean => size >= least && size <= most;

/** Flows of a middle size with loops in loops, branches, breaks, ignored errors and state. */
const shapes: fc.Arbitrary<Shape[]> = steps.filter(
  (of) =>
    within(
      sizeOf(of, () => true),
      SIZE,
    ) &&
    within(
      sizeOf(of, ({ is }) => is === 'call'),
      CALLS,
    ),
);

/** So many flows, the same ones for the same seed. */
export function randomShapes(count: number, seed: number): Shape[][] {
  return fc.sample(shapes, { numRuns: count, seed });
}
