/** The load generator, a process of its own so that its processor time can be told apart. */
import { answerQuestions } from '../stack/answer-questions';
import { runCallers } from './callers';
import type { LoadOrder, LoadSetup } from './order';
import { createWebhookSender } from './webhook-sender';
import { createWorkflowSender, type WorkflowSender } from './workflow-sender';

let workflows: WorkflowSender | undefined;

answerQuestions({
  connect: async (setup: LoadSetup) => {
    workflows = await createWorkflowSender(setup);
  },
  load: async (order: LoadOrder) => {
    const webhooks = createWebhookSender(order);
    try {
      return await runCallers(order, (destination, number) => {
        if (destination.kind === 'webhook') return webhooks.send(destination, number);
        if (workflows === undefined) throw new Error('The load process is not connected to Temporal.');
        return workflows.send(order, destination, number);
      });
    } finally {
      await webhooks.close();
    }
  },
});
