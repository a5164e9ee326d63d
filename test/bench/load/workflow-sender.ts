import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { openLargeValues } from '../raw/large-values';
import { itemsBody, largeBody, smallBody } from './body';
import type { Sent } from './callers';
import type { Destination, LoadOrder, LoadSetup } from './order';

export interface WorkflowSender {
  send(
    order: LoadOrder,
    destination: Extract<Destination, { kind: 'workflow' }>,
    number: number,
  ): Promise<Sent>;
}

/** Starts plain workflows by Temporal's client, which is all that a program without a door of ours does. */
export async function createWorkflowSender(setup: LoadSetup): Promise<WorkflowSender> {
  const connection = await Connection.connect({ address: setup.temporalAddress });
  const client = new Client({ connection });
  const values = await openLargeValues(setup.mongodbUri);

  /** 5 MB do not go through Temporal: they are stored first, and a reference is sent. */
  const inputOf = async ({ body }: LoadOrder, number: number): Promise<unknown> => {
    if (body === 'large') return await values.put(largeBody(number));
    return body === 'small' ? smallBody(number) : itemsBody();
  };

  return {
    async send(order, { type, serviceUrl }, number) {
      const startedAt = performance.now();
      const workflowId = `bench-${randomUUID()}`;
      const handle = await client.workflow.start(type, {
        workflowId,
        taskQueue: setup.taskQueue,
        args: [await inputOf(order, number), serviceUrl],
      });
      const ackMs = performance.now() - startedAt;
      if (!order.waitsForResult) return { id: workflowId, ackMs };
      await handle.result();
      return { id: workflowId, ackMs, resultMs: performance.now() - startedAt };
    },
  };
}
