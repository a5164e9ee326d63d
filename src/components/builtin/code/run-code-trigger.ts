import { type TriggerPayload, trigger } from '@prismatic-io/spectral';
import { codeInput } from './code-input';
import { runSnippet } from './run-snippet';

const TEMPLATE = `module.exports = async ({ logger, configVars }, payload) => {
  const response = { statusCode: 200, contentType: "text/plain", body: "hello" };
  return { payload, response };
};
`;

/** Starts a flow by the author's code, which may change the payload and answer the caller. */
export const runCodeTrigger = trigger({
  display: { label: 'Code Block Trigger', description: 'Starts the flow by JavaScript of your own.' },
  inputs: {
    code: codeInput(TEMPLATE, 'A CommonJS module that exports an async function of (context, payload).'),
  },
  scheduleSupport: 'valid',
  synchronousResponseSupport: 'valid',
  perform: async (context, payload, { code }) => {
    const result = await runSnippet(code, context, payload);
    return (result ?? { payload }) as { payload: TriggerPayload };
  },
});
