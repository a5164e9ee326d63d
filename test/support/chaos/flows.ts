import { code, definition, reference, step, value } from '../definition-builder';

/** A kind of delivery: how often it comes, and what its execution does. */
interface FlowKind {
  name: string;
  /** Of all deliveries. */
  share: number;
  /** Names of the steps that call the service, in their order; a call's place is its index here. */
  calls: string[];
  /** Names of all records of the journal, in the order of their ordinals. */
  journal: string[];
}

const ITEMS = 5;
const SLEEP_MS = 3000;

const eachItem = Array.from({ length: ITEMS }, (_, at) => `item@each:${at}`);

export const FLOW_KINDS: FlowKind[] = [
  {
    name: 'Three posts',
    share: 0.7,
    calls: ['first', 'second', 'third'],
    journal: ['trigger', 'first', 'second', 'third'],
  },
  {
    name: 'With a sleep',
    share: 0.15,
    calls: ['before', 'behind', 'last'],
    journal: ['trigger', 'before', 'wait', 'behind', 'last'],
  },
  {
    name: 'With a loop',
    share: 0.15,
    calls: ['before', ...eachItem, 'last'],
    journal: ['trigger', 'before', ...eachItem, 'each', 'last'],
  },
];

export function flowKind(name: string): FlowKind {
  const found = FLOW_KINDS.find((kind) => kind.name === name);
  if (!found) throw new Error(`There is no flow ${name}.`);
  return found;
}

/** Name of a journal's record: its step, and behind an `@` the item of the loop. */
export const recordName = ({ stepKey, loopPath }: { stepKey: string; loopPath: string }): string =>
  loopPath === '' ? stepKey : `${stepKey}@${loopPath}`;

/** Body of a delivery; every flow takes the same. */
export const bodyOf = (key: string) => ({ key, items: Array.from({ length: ITEMS }, (_, at) => at) });

/** Flows whose code steps post to the service, each with its place and what it is told of its attempt. */
export function chaosDefinition(serviceUrl: string): string {
  const post = (name: string, place: string) => code(name, postCode(serviceUrl, place));
  return definition('Chaos subject', [
    { name: 'Three posts', steps: [post('First', '0'), post('Second', '1'), post('Third', '2')] },
    {
      name: 'With a sleep',
      steps: [
        post('Before', '0'),
        step('Wait', 'sleep.sleep', { ms: value(String(SLEEP_MS)) }),
        post('Behind', '1'),
        post('Last', '2'),
      ],
    },
    {
      name: 'With a loop',
      steps: [
        post('Before', '0'),
        step(
          'Each',
          'loop.loopOverItems',
          { items: reference('trigger.results.body.data.items') },
          { steps: [post('Item', '1 + results.each.currentItem')] },
        ),
        post('Last', String(ITEMS + 1)),
      ],
    },
  ]);
}

/** A connection for each call: one that is kept may be closed by the service just when it is used again. */
const postCode = (serviceUrl: string, place: string) => `const { request } = require('node:http');

module.exports = async (context, results) => {
  const { key } = results.trigger.results.body.data;
  const url = ${JSON.stringify(serviceUrl)} + '/' + key + '/' + (${place});
  const headers = { 'x-attempt': String(context.attempt) };
  await new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.on('end', resolve);
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(key);
  });
  return { data: key };
};
`;
