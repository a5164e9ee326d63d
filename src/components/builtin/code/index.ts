import { action, component, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { loadSnippet, snippetLine } from './snippet';

const TEMPLATE = `module.exports = async ({ logger, configVars }, stepResults) => {
  return { data: null };
};
`;

/** Names the line of the text in the message, for authors who see the message alone. */
function withLine(error: unknown): unknown {
  const line = snippetLine(error);
  if (line !== undefined) {
    const thrown = error as { message?: unknown };
    thrown.message = `${String(thrown.message)} (line ${line} of the code)`;
  }
  return error;
}

const runCode = action({
  display: { label: 'Code Block', description: 'Runs JavaScript of your own.' },
  inputs: {
    code: input({
      label: 'Code',
      type: 'code',
      language: 'javascript',
      required: true,
      default: TEMPLATE,
      comments: 'A CommonJS module that exports an async function of (context, stepResults).',
      clean: cleanText,
    }),
    data: input({
      label: 'Data',
      type: 'data',
      comments: 'Accepted for older definitions; the code reads results from its second parameter.',
    }),
  },
  perform: async (context, { code }) => {
    // The engine adds the results of earlier steps to the context of steps that may read all of them.
    const { stepResults = {}, ...rest } = context as typeof context & {
      stepResults?: Record<string, unknown>;
    };
    try {
      const result = await loadSnippet(code)(rest, stepResults);
      return result as { data: unknown };
    } catch (error) {
      throw withLine(error);
    }
  },
});

export default component({
  key: 'code',
  display: {
    label: 'Code',
    description: 'Runs code of your own as a step.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: { runCode },
});
