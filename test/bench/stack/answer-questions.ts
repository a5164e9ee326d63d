import type { Question, Reply } from './child-process';

type Answers = Record<string, (detail: never) => unknown>;

/** Answers the parent's questions in a child process; `onEnd` runs when the parent closes the channel. */
export function answerQuestions(answers: Answers, onEnd: () => Promise<void> | void = () => undefined): void {
  process.on('message', (message: Question) => {
    void reply(answers, message).then((answer) => {
      if (process.connected) process.send?.(answer, () => undefined);
    });
  });
  process.once('disconnect', () => {
    void Promise.resolve(onEnd()).finally(() => process.exit(0));
  });
}

async function reply(answers: Answers, { id, question, detail }: Question): Promise<Reply> {
  try {
    const answer = answers[question];
    if (answer === undefined) throw new Error(`It knows no "${question}".`);
    return { id, answer: await answer(detail as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
