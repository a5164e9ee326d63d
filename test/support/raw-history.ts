import { Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';

/** A payload in Protobuf's JSON form. */
export interface RawPayload {
  metadata: Record<string, string>;
  data?: string;
}

/** One workflow's history exactly as the server keeps it: no codec has touched it. */
export interface RawHistory {
  workflowId: string;
  /** All bytes of it. */
  bytes: Buffer;
  events: { eventType: string; [attributes: string]: unknown }[];
}

/** The histories of all runs of workflows on a task queue, fetched by the service's own gRPC calls. */
export async function rawHistories(address: string, taskQueue: string): Promise<RawHistory[]> {
  const connection = await Connection.connect({ address });
  try {
    const { workflowService } = connection;
    const query = `TaskQueue = '${taskQueue}'`;
    const found = await workflowService.listWorkflowExecutions({
      namespace: 'default',
      query,
      pageSize: 1000,
    });
    return await Promise.all(
      found.executions.map(async ({ execution }) => {
        const answer = await workflowService.getWorkflowExecutionHistory({
          namespace: 'default',
          execution: execution ?? null,
        });
        const history = answer.history ?? {};
        return {
          workflowId: execution?.workflowId ?? '',
          bytes: Buffer.from(temporal.api.history.v1.History.encode(history).finish()),
          events: (JSON.parse(historyToJSON(history)) as Pick<RawHistory, 'events'>).events,
        };
      }),
    );
  } finally {
    await connection.close();
  }
}

/** Every payload in a value, with the path to it; search attributes are none of ours to encrypt. */
export function payloadsIn(value: unknown, path = ''): { path: string; payload: RawPayload }[] {
  if (value === null || typeof value !== 'object') return [];
  const { metadata } = value as Partial<RawPayload>;
  if (typeof metadata?.['encoding'] === 'string') return [{ path, payload: value as RawPayload }];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'searchAttributes' || key === 'upsertedSearchAttributes'
      ? []
      : payloadsIn(item, path === '' ? key : `${path}.${key}`),
  );
}

/** A payload's metadata as text. */
export function metadataOf({ metadata }: RawPayload, key: string): string {
  return Buffer.from(metadata[key] ?? '', 'base64').toString();
}

/** What a payload holds, when it is plain JSON; undefined for one without data. */
export function plainOf({ data }: RawPayload): unknown {
  return data === undefined ? undefined : (JSON.parse(Buffer.from(data, 'base64').toString()) as unknown);
}
