import { proxyActivities, proxySinks, type Sinks, workflowInfo } from '@temporalio/workflow';
import type { RawActivities } from './activities';

/** The plain counterpart of each flow: one workflow, one activity for each call. */
export interface BenchSinks extends Sinks {
  bench: { ended(workflowId: string): void };
}

const { nothing, post, addOne, change } = proxyActivities<RawActivities>({
  startToCloseTimeout: '1 minute',
});
const { bench } = proxySinks<BenchSinks>();

/** Tells the bench without a call to the server. */
const ended = () => bench.ended(workflowInfo().workflowId);

export async function noop(): Promise<void> {
  await nothing();
  ended();
}

export async function threePosts(body: unknown, serviceUrl: string): Promise<unknown> {
  await post(serviceUrl, body);
  await post(serviceUrl, body);
  const last = await post(serviceUrl, body);
  ended();
  return last;
}

export async function loopOverItems({ items }: { items: number[] }): Promise<void> {
  for (const item of items) await addOne(item);
  ended();
}

export async function largeBody(id: string): Promise<string> {
  const last = await change(await change(await change(id)));
  ended();
  return last;
}
