import { request } from 'node:http';
import { log } from '@temporalio/activity';
import type { LargeValues } from './large-values';

/** The same work as in the flows' steps. */
export function createActivities(values: LargeValues) {
  return {
    async nothing(): Promise<null> {
      return null;
    },
    async post(serviceUrl: string, body: unknown): Promise<unknown> {
      const data = await postJson(serviceUrl, JSON.stringify(body));
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

/** By Node's own client, which keeps its connections: as the flow's steps do it. */
function postJson(url: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    });
    call.on('error', reject);
    call.end(body);
  });
}

export type RawActivities = ReturnType<typeof createActivities>;
