import { log } from '@temporalio/activity';
import type { LargeValues } from './large-values';

/** The same work as in the flows' steps. */
export function createActivities(values: LargeValues) {
  return {
    async nothing(): Promise<null> {
      return null;
    },
    async post(serviceUrl: string, body: unknown): Promise<unknown> {
      const response = await fetch(serviceUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const data: unknown = await response.json();
      log.info('posted');
      return data;
    },
    async addOne(item: number): Promise<number> {
      return item + 1;
    },
    async change(id: string): Promise<string> {
      const data = await values.get(id);
      data[0] = ((data[0] ?? 0) + 1) % 256;
      return await values.put(data);
    },
  };
}

export type RawActivities = ReturnType<typeof createActivities>;
