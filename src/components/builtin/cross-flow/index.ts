import { action, component, input, trigger } from '@prismatic-io/spectral';
import { cleanCount, cleanPairs, cleanText } from '../clean-input';
import { invokeSibling } from './invoke-sibling';
import { toStepResult } from './sibling-answer';

const inputs = {
  flowName: input({
    label: 'Flow Name',
    type: 'flow',
    required: true,
    comments: 'The flow to run, by its name.',
    clean: cleanText,
  }),
  data: input({
    label: 'Data',
    type: 'data',
    comments: 'What the flow gets as the body of its trigger: an object, a list, text or a file.',
  }),
  headers: input({
    label: 'Headers',
    type: 'string',
    collection: 'keyvaluelist',
    comments: 'Further headers, which the trigger of the flow sees.',
    clean: cleanPairs,
  }),
  timeout: input({
    label: 'Timeout',
    type: 'string',
    comments: 'Milliseconds to wait for the answer; two minutes when empty.',
    clean: cleanCount('Timeout'),
  }),
};

/** The action, under one of the names that definitions have for it. */
const invoking = (label: string, description: string) =>
  action({
    display: { label, description },
    inputs,
    perform: async (context, { flowName, data, headers, timeout }) =>
      toStepResult(
        await invokeSibling(context, flowName, data, {
          headers,
          ...(timeout === undefined ? {} : { timeoutMs: timeout }),
        }),
      ),
  });

const crossFlow = trigger({
  display: {
    label: 'Cross Flow Trigger',
    description: 'Starts the flow when another flow of the instance invokes it.',
  },
  inputs: {},
  scheduleSupport: 'invalid',
  synchronousResponseSupport: 'valid',
  perform: async (_context, payload) => ({ payload }),
});

export default component({
  key: 'cross-flow',
  display: {
    label: 'Cross Flow',
    description: 'Lets the flows of an instance invoke each other.',
    category: 'Logic',
    iconPath: '',
  },
  actions: {
    invokeFlow: invoking('Invoke Flow', 'Runs another flow of this instance with the given data.'),
    triggerFlow: invoking('Trigger Flow', 'The same as Invoke Flow, as some public definitions name it.'),
  },
  triggers: { crossFlow },
});
