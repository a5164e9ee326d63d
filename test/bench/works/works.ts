import { largeBody, loopOverItems, noop, threePosts, threePostsByComponents } from './flows';
import type { Work } from './work';

export type { Work } from './work';

/** Callers of the loads that look for throughput. */
const MANY = 50;
/** Loops beside each other. */
const LOOPS = 8;

const W3 = {
  customers: 1,
  isSynchronous: false,
  raw: 'threePosts',
  body: 'small',
  calls: 3,
  steps: 3,
} as const;

/** Everything that the bench can run. */
export const WORKS: readonly Work[] = [
  {
    name: 'W0',
    about: 'webhook, one step that does nothing',
    flows: noop,
    customers: 1,
    isSynchronous: false,
    raw: 'noop',
    body: 'small',
    calls: 0,
    steps: 1,
    scenario: { kind: 'standard', callers: MANY },
  },
  {
    ...W3,
    name: 'W3',
    about: 'webhook, three HTTP posts of 1 KB to a local service, one log line each',
    flows: (url) => [threePosts(url)],
    scenario: { kind: 'standard', callers: MANY },
  },
  {
    ...W3,
    name: 'W3-sync',
    about: 'W3 whose caller waits for the output of the last step',
    flows: (url) => [threePosts(url, true)],
    isSynchronous: true,
    scenario: { kind: 'standard', callers: MANY },
  },
  {
    ...W3,
    name: 'W3-http',
    about: 'W3 by the http and log components, six steps (only when named)',
    isOptional: true,
    flows: threePostsByComponents,
    steps: 6,
    scenario: { kind: 'standard', callers: MANY },
  },
  {
    name: 'LOOP',
    about: '1,000 items, one code step each',
    flows: loopOverItems,
    customers: 1,
    isSynchronous: false,
    raw: 'loopOverItems',
    body: 'items',
    calls: 0,
    // The loop leaves a result of its own.
    steps: 1001,
    items: 1000,
    // As many at once as keep both processors of a small machine busy, and no more for the faster target than for the other.
    scenario: { kind: 'load', callers: LOOPS, total: LOOPS },
  },
  {
    name: 'BIG',
    about: 'a body of 5 MB through three steps that change it',
    flows: largeBody,
    customers: 1,
    isSynchronous: false,
    raw: 'largeBody',
    rawNote:
      'Temporal does not carry 5 MB: client and activities pass a reference to GridFS of the same mongod',
    body: 'large',
    calls: 0,
    steps: 3,
    // Each leaves 20 MB on the disk.
    scenario: { kind: 'load', callers: 4, maxPerSecond: 5 },
  },
  {
    name: 'BURST',
    about: '10,000 deliveries of W0 at once by 100 callers',
    flows: noop,
    customers: 1,
    isSynchronous: false,
    raw: 'noop',
    body: 'small',
    calls: 0,
    steps: 1,
    scenario: { kind: 'burst', callers: 100, deliveries: 10_000, rawDeliveries: 1000 },
  },
  {
    ...W3,
    name: 'SPREAD',
    about: 'W3 over 500 flows: five in each instance of 100 customers',
    flows: (url) => [1, 2, 3, 4, 5].map((number) => ({ ...threePosts(url), name: `Flow ${number}` })),
    customers: 100,
    scenario: { kind: 'load', callers: MANY },
  },
  {
    ...W3,
    name: 'SLOW',
    about: 'W3 beside a flood of another customer’s W3, whose calls take 2 s each',
    flows: (url) => [threePosts(url)],
    scenario: { kind: 'beside', slowCallers: MANY, slowPaceMs: 1000 },
  },
];
