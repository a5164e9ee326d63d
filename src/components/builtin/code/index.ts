import { action, component, input } from '@prismatic-io/spectral';
import { codeInput } from './code-input';
import { connections } from './connections';
import { runCodeJsonForm, runCodeObjectSelection, runCodePicklist, runCodeString } from './data-sources';
import { runCodeTrigger } from './run-code-trigger';
import { runSnippet } from './run-snippet';

const TEMPLATE = `module.exports = async ({ logger, configVars }, stepResults) => {
  return { data: null };
};
`;

const runCode = action({
  display: { label: 'Code Block', description: 'Runs JavaScript of your own.' },
  inputs: {
    code: codeInput(TEMPLATE, 'A CommonJS module that exports an async function of (context, stepResults).'),
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
    return (await runSnippet(code, rest, stepResults)) as { data: unknown };
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
  triggers: { runCodeTrigger },
  dataSources: { runCodeJsonForm, runCodeObjectSelection, runCodePicklist, runCodeString },
  connections,
});
