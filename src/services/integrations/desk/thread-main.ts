import { parentPort } from 'node:worker_threads';
import { isAppError } from '../../../errors';
import { DefinitionDesk } from './definition-desk';
import type { ThreadReply, ThreadRequest } from './thread-messages';

/** The entry of the thread that reads large definitions. */
const desk = new DefinitionDesk();

parentPort?.on('message', ({ kind, request }: ThreadRequest) => {
  parentPort?.postMessage(replyTo(() => desk.answer(kind, request)));
});

function replyTo(answer: () => unknown): ThreadReply {
  try {
    return { answer: answer() };
  } catch (error) {
    if (isAppError(error)) {
      const { code, message, faults } = error;
      return { refusal: { code, message, faults } };
    }
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
