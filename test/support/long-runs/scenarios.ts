import { code, complex, reference, step, template, value } from '../definition-builder';

/** A run that is long, and what it must have left at its end. */
export interface Scenario {
  name: string;
  /** Of its flow, which calls the service at `{{#Target}}` once in its middle, at `/<flow>/gate`. */
  flow: string;
  steps: unknown[];
  body: unknown;
  /** Records in the journal. */
  records: number;
  /** A step by whose last result one sees that all went well, and that result. */
  proof: { stepKey: string; data: unknown };
}

export interface Sizes {
  items: number;
  /** Turns of an outer loop over ten steps and an inner loop of 25 turns over forty. */
  turns: number;
  distinctSteps: number;
  /** Turns over them. */
  distinctTurns: number;
  pages: number;
}

const INNER_TURNS = 25;
const INNER_STEPS = 40;
const OUTER_STEPS = 8;

const get = (name: string, path: string) =>
  step(name, 'http.httpGet', {
    url: template(`{{#Target}}/${path}`),
    headers: complex([]),
    timeout: value(''),
  });

const when = (name: string, path: string, text: string, then: unknown[]) => {
  const condition = { name: 'Yes', type: 'complex', value: ['equal', reference(path), value(text)] };
  return step(
    name,
    'branch.branchOnExpression',
    { conditions: complex([condition]) },
    {
      branches: [
        { name: 'Yes', steps: then },
        { name: 'Else', steps: [] },
      ],
    },
  );
};

const times = (name: string, count: number, steps: unknown[]) =>
  step(name, 'loop.loopNTimes', { iterationCount: value(String(count)) }, { steps });

/** Steps each of which counts on from the one before. */
const chain = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => {
    const key = `${prefix}${at}`;
    const from = at === 0 ? '0' : `results.${prefix}${at - 1}.results`;
    return code(key, `module.exports = async (context, results) => ({ data: ${from} + 1 });`);
  });

/** A loop over many items, each with a loop inside. */
function items(count: number): Scenario {
  const middle = Math.floor(count / 2);
  const add = 'module.exports = async (context, { each }) => ({ data: each.currentItem + 1 });';
  const inner = times('Inner', 1, [code('Add', add)]);
  const gate = when('Is middle', 'each.index', String(middle), [get('Gate', 'items/gate')]);
  const each = step(
    'Each',
    'loop.loopOverItems',
    { items: reference('trigger.results.body.data') },
    { steps: [inner, gate] },
  );
  return {
    name: `a loop of ${count} items with a loop inside`,
    flow: 'items',
    steps: [each],
    body: Array.from({ length: count }, (_, at) => at),
    // An item: the step, its loop, the branch.
    records: 1 + count * 3 + 1 + 1,
    proof: { stepKey: 'add', data: count },
  };
}

/** Fifty steps in nested loops. */
function nested(turns: number): Scenario {
  const inner = times('Inner', INNER_TURNS, chain('i', INNER_STEPS));
  const gate = when('Is middle', 'outer.index', String(Math.floor(turns / 2)), [get('Gate', 'nested/gate')]);
  const outer = times('Outer', turns, [gate, ...chain('o', OUTER_STEPS), inner]);
  return {
    name: `a run of ${turns * INNER_TURNS * INNER_STEPS} steps in nested loops`,
    flow: 'nested',
    steps: [outer],
    body: {},
    records: 1 + turns * (OUTER_STEPS + INNER_TURNS * INNER_STEPS + 2) + 1 + 1,
    proof: { stepKey: `i${INNER_STEPS - 1}`, data: INNER_STEPS },
  };
}

/** As many different steps as a definition may have, in two loops. */
function distinct(count: number, turns: number): Scenario {
  const gate = when('Is middle', 'outer.index', String(Math.floor(turns / 2)), [
    get('Gate', 'distinct/gate'),
  ]);
  const outer = times('Outer', turns, [gate, times('Inner', 1, chain('s', count))]);
  return {
    name: `a plan of ${count} steps, ${turns} times`,
    flow: 'distinct',
    steps: [outer],
    body: {},
    records: 1 + turns * (count + 2) + 1 + 1,
    proof: { stepKey: `s${count - 1}`, data: count },
  };
}

/** Goes through pages, and the rows of each, until the last one. */
function pages(count: number): Scenario {
  const gate = when('Is middle', 'page.index', String(Math.floor(count / 2)), [get('Gate', 'pages/gate')]);
  const rows = step(
    'Rows',
    'loop.loopOverItems',
    { items: reference('fetch.results.rows') },
    { steps: [get('Row', 'row{{$rows.currentItem}}')] },
  );
  const leave = when('Is last', 'fetch.results.isLast', 'yes', [step('Leave', 'loop.breakLoop')]);
  const page = times('Page', count * 2, [get('Fetch', 'page/{{$page.index}}'), gate, rows, leave]);
  const told = 'module.exports = async (context, { fetch }) => ({ data: fetch.results.isLast });';
  return {
    name: `a paging loop of ${count} pages that breaks out`,
    flow: 'pages',
    steps: [page, code('Told', told)],
    body: {},
    // A page: the call, two branches, two rows and their loop; and the gate, the break, the loop, the last step.
    records: 1 + count * 6 + 1 + 1 + 1 + 1,
    proof: { stepKey: 'told', data: 'yes' },
  };
}

export function scenarios(sizes: Sizes): Scenario[] {
  return [
    items(sizes.items),
    nested(sizes.turns),
    distinct(sizes.distinctSteps, sizes.distinctTurns),
    pages(sizes.pages),
  ];
}
