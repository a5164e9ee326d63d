import {
  code,
  complex,
  definition,
  reference,
  step,
  stringVar,
  template,
  value,
} from '../definition-builder';
import type { Shape } from './shapes';

/** The items that loops go over, by their number; a trigger is called with them. */
export const DELIVERY = {
  pick: 'yes',
  lists: Object.fromEntries(
    [0, 1, 2, 3, 4].map((count) => [
      `of${count}`,
      Array.from({ length: count }, (_, at) => ({ n: `item ${at}` })),
    ]),
  ),
};

/** What a step can refer to: those that stand before it, and the loops around it. */
interface Place {
  earlier: { key: string; isCall: boolean }[];
  loops: string[];
}

const LEVELS = ['Execution', 'Instance', 'CrossFlow', 'Integration'];
/** Of a step that is refused, and calls each time. */
export const MOST_TRIES = 2;
const HANDLERS = {
  ignore: { errorHandlerType: 'ignore' },
  retry: { errorHandlerType: 'retry', maxAttempts: MOST_TRIES - 1, delaySeconds: 0, ignoreFinalError: true },
  fail: { errorHandlerType: 'fail' },
};

/**
 * A flow of these shapes whose steps call the service at `{{#Target}}`, each at an address of its own, with results of
 * earlier steps, so that a value which was lost or changed shows itself in what comes after.
 */
export function randomDefinition(name: string, shapes: readonly Shape[]): string {
  const place: Place = { earlier: [], loops: [] };
  return definition(name, [{ name: 'Flow', steps: stepsOf(shapes, place) }], {
    requiredConfigVars: [stringVar('Target')],
    configPages: [{ name: 'Setup', elements: [{ type: 'configVar', value: 'Target' }] }],
  });
}

const stepsOf = (shapes: readonly Shape[], place: Place): unknown[] =>
  shapes.map((shape) => stepOf(shape, place));

function stepOf(shape: Shape, place: Place): unknown {
  const key = `s${place.earlier.length}`;
  const seen = { earlier: [...place.earlier], loops: place.loops };
  place.earlier.push({ key, isCall: shape.is === 'call' });
  switch (shape.is) {
    case 'call':
      return post(key, addressOf(key, seen), bodyOf(shape.reads, seen));
    case 'refused':
      return post(key, `fail/${addressOf(key, seen)}`, template('{}'), HANDLERS[shape.handled]);
    case 'code':
      return code(key, codeOf(shape.reads, seen));
    case 'state':
      return step(key, `persist-data.append${LEVELS[shape.level]}ValueToList`, {
        keyInput: value('seen'),
        valueInput: template(addressOf(key, seen)),
      });
    case 'branch':
      return branchOf(key, shape, place, seen);
    case 'items':
    case 'times':
      return loopOf(key, shape, place);
    case 'sleep':
      return step(key, 'sleep.sleep', { ms: value(String(shape.ms)) });
    case 'leave':
      // Outside of loops there is nothing to leave.
      return place.loops.length > 0 ? step(key, 'loop.breakLoop') : code(key, codeOf([0], seen));
    case 'stop':
      return step(key, 'stop-execution.stopExecution');
  }
}

function post(key: string, address: string, data: ReturnType<typeof template>, errorConfig?: object) {
  return step(
    key,
    'http.httpPost',
    {
      url: template(`{{#Target}}/${address}`),
      data,
      responseType: value('json'),
      headers: complex([]),
      timeout: value(''),
    },
    errorConfig ? { errorConfig: { ...errorConfig } } : {},
  );
}

/** Names the step and the iterations that it is in. */
const addressOf = (key: string, { loops }: Place): string =>
  [key, ...loops.map((loop) => `{{$${loop}.index}}`)].join('/');

function bodyOf(reads: readonly number[], place: Place) {
  const fields = reads.map((read, at) => `"r${at}": "{{$${chosen(read, place)}}}"`);
  return template(`{ ${fields.join(', ')} }`);
}

/** A result of an earlier step, or what a loop around is at. */
function chosen(read: number, { earlier, loops }: Place): string {
  const paths = [
    ...earlier.map(({ key, isCall }) => (isCall ? `${key}.results.n` : `${key}.results`)),
    ...loops.flatMap((loop) => [`${loop}.index`, `${loop}.currentItem`]),
    'trigger.results.body.data.pick',
  ];
  return paths[read % paths.length]!;
}

/** Reads a few results by name, or everything that there is. */
function codeOf(reads: readonly number[], { earlier }: Place): string {
  const [first = 0] = reads;
  const named = reads.map((read) => earlier[read % Math.max(earlier.length, 1)]?.key ?? 'nothing');
  const given =
    first % 4 === 0
      ? '{ ...results, trigger: undefined }'
      : `[${named.map((key) => `results.${key}`).join(', ')}]`;
  return `const { createHash } = require('node:crypto');

module.exports = async (context, results) => {
  const seen = JSON.stringify(${given});
  return { data: createHash('sha256').update(seen).digest('hex').slice(0, 12) };
};
`;
}

function branchOf(key: string, shape: Extract<Shape, { is: 'branch' }>, place: Place, { earlier }: Place) {
  const calls = earlier.filter(({ isCall }) => isCall);
  const by = calls[shape.by % Math.max(calls.length, 1)]?.key;
  const path = by === undefined ? 'trigger.results.body.data.pick' : `${by}.results.pick`;
  const isYes = { name: 'Yes', type: 'complex', value: ['equal', reference(path), value('yes')] };
  return step(
    key,
    'branch.branchOnExpression',
    { conditions: complex([isYes]) },
    {
      branches: [
        { name: 'Yes', steps: stepsOf(shape.yes, place) },
        { name: 'Else', steps: stepsOf(shape.no, place) },
      ],
    },
  );
}

function loopOf(key: string, shape: Extract<Shape, { is: 'items' | 'times' }>, place: Place) {
  const steps = stepsOf(shape.body, { earlier: place.earlier, loops: [...place.loops, key] });
  if (shape.is === 'items')
    return step(
      key,
      'loop.loopOverItems',
      { items: reference(`trigger.results.body.data.lists.of${shape.count}`) },
      { steps },
    );
  return step(key, 'loop.loopNTimes', { iterationCount: value(String(shape.count)) }, { steps });
}
