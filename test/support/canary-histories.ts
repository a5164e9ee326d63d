import { Connection, type WorkflowService } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';
import { createEncryptingCodec } from '../../src/temporal/codec/encrypting-codec';
import { decodeJsonPayloads } from '../../src/temporal/codec/payload-json';
import { payloadsIn, type RawHistory } from './raw-history';

/** The history of one run of a workflow, of whatever type. */
export interface CanaryHistory extends RawHistory {
  type: string;
}

const namespace = 'default';
/** Of the second kind are those by which Temporal itself keeps schedules. */
const QUERIES = ['', "TemporalNamespaceDivision = 'TemporalScheduler'"];

/** All histories of the namespace, exactly as the server keeps them: no codec has touched them. */
export async function allHistories(address: string): Promise<CanaryHistory[]> {
  const connection = await Connection.connect({ address });
  try {
    const { workflowService } = connection;
    const found = await Promise.all(
      QUERIES.map((query) => workflowService.listWorkflowExecutions({ namespace, query, pageSize: 1000 })),
    );
    return await Promise.all(
      found
        .flatMap(({ executions }) => executions)
        .map(async ({ execution, type }) => ({
          workflowId: execution?.workflowId ?? '',
          type: type?.name ?? '',
          ...(await historyOf(workflowService, execution)),
        })),
    );
  } finally {
    await connection.close();
  }
}

async function historyOf(
  service: WorkflowService,
  execution: temporal.api.common.v1.IWorkflowExecution | null | undefined,
): Promise<Pick<RawHistory, 'bytes' | 'events'>> {
  const events: temporal.api.history.v1.IHistoryEvent[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const request = { namespace, execution: execution ?? null, nextPageToken };
    const page = await service.getWorkflowExecutionHistory(request);
    events.push(...(page.history?.events ?? []));
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
  return {
    bytes: Buffer.from(temporal.api.history.v1.History.encode({ events }).finish()),
    events: (JSON.parse(historyToJSON({ events })) as Pick<RawHistory, 'events'>).events,
  };
}

/** Whether the workflow has ended, or goes on in another run. */
export const isClosed = ({ events }: CanaryHistory): boolean =>
  /_EXECUTION_(COMPLETED|FAILED|CANCELED|TERMINATED|TIMED_OUT|CONTINUED_AS_NEW)$/.test(
    events.at(-1)!.eventType,
  );

/** What is in its payloads behind the encryption, put together. */
export async function decrypted({ events }: RawHistory, keys: string): Promise<Buffer> {
  const payloads = payloadsIn(events).map(({ payload }) => payload);
  const plain = await decodeJsonPayloads(createEncryptingCodec(keys), payloads);
  return Buffer.concat(plain.map(({ data = '' }) => Buffer.from(data, 'base64')));
}
