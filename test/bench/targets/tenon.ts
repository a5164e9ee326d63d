import { deployWork } from '../stack/deploy-work';
import { type Product, startProduct } from '../stack/product';
import type { Stack } from '../stack/stack';
import type { End, Target } from './target';

/** Ids in one query. */
const BATCH = 1000;
/** How many of the last deliveries stand for all. */
const LAST = 100;

/** The product, with what sets up its flows and reads its records. */
export interface TenonTarget extends Target {
  product: Product;
}

/** The product as it is built, with processes of its own. */
export async function startTenon(stack: Stack): Promise<TenonTarget> {
  const product = await startProduct(stack);
  return {
    name: 'tenon',
    product,
    prepare: (work, path) => deployWork(product, work, `${stack.serviceUrl}${path}`),
    processes: [
      { name: 'API', pid: () => stack.pids.get('API') },
      { name: 'worker', pid: () => stack.pids.get('worker'), childrenName: 'runners' },
      { name: 'Temporal', pid: () => stack.pids.get('Temporal') },
      { name: 'mongod', pid: () => stack.pids.get('MongoDB') },
      { name: 'service', pid: () => stack.pids.get('service') },
      { name: 'load', pid: () => stack.pids.get('load') },
    ],
    resident: [
      { name: 'API', pid: () => stack.pids.get('API') },
      { name: 'worker', pid: () => stack.pids.get('worker'), childrenName: 'runners' },
    ],
    async seemsDone(ids) {
      const { executions } = product.services.deps.store;
      const open = { _id: { $in: ids.slice(-LAST) }, phase: { $ne: 'ended' } };
      return (await executions.collection.findOne(open as object, { projection: { _id: 1 } })) === null;
    },
    readEnds: (ids) => readEnds(product, ids),
    faults: (work, ids) => faultsOf(product, work.steps, ids),
    stop: () => product.stop(),
  };
}

async function readEnds(product: Product, ids: string[]): Promise<Map<string, End>> {
  const ends = new Map<string, End>();
  const { collection } = product.services.deps.store.executions;
  for (const batch of batches(ids)) {
    const filter = { _id: { $in: batch }, phase: 'ended' } as object;
    const found = collection.find(filter, { projection: { endedAt: 1, status: 1 } });
    for await (const { _id, endedAt, status } of found)
      ends.set(String(_id), { endedAtMs: (endedAt as Date).getTime(), isSuccess: status === 'SUCCESS' });
  }
  return ends;
}

/** Reads what was stored: every record is there, once, each step was begun once. */
async function faultsOf(product: Product, steps: number, ids: string[]): Promise<string[]> {
  const { stepResults } = product.services.deps.store;
  let results = 0;
  let repeated = 0;
  for (const batch of batches(ids)) {
    results += await stepResults.countDocuments({ executionId: { $in: batch } });
    repeated += await stepResults.countDocuments({ executionId: { $in: batch }, attempt: { $gt: 1 } });
  }
  // The trigger leaves a result of its own.
  const expected = ids.length * (steps + 1);
  const faults: string[] = [];
  if (results !== expected) faults.push(`${results} step results are stored, not ${expected}`);
  if (repeated > 0) faults.push(`${repeated} steps were begun more than once`);
  const distinct = new Set(ids).size;
  if (distinct !== ids.length) faults.push(`${ids.length - distinct} deliveries share an execution`);
  return faults;
}

function* batches(ids: string[]): Generator<string[]> {
  for (let at = 0; at < ids.length; at += BATCH) yield ids.slice(at, at + BATCH);
}
