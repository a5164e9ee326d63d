import { action, component, input } from '@prismatic-io/spectral';
import { invokeSibling } from '../cross-flow/invoke-sibling';
import { toStepResult } from '../cross-flow/sibling-answer';
import { currentCursor, cursorState, isSet } from './cursor';
import { recursiveTrigger } from './trigger';

const getCursor = action({
  display: { label: 'Get Cursor', description: 'Gives the cursor of this run.' },
  inputs: {},
  perform: async ({ executionState }) => ({ data: currentCursor(executionState) }),
});

const setCursor = action({
  display: {
    label: 'Set Cursor',
    description: 'Sets the cursor with which this run goes on and the next one begins.',
  },
  inputs: {
    cursor: input({
      label: 'Cursor',
      type: 'data',
      required: true,
      comments: 'Where the next run begins. An empty cursor ends the recursion.',
    }),
  },
  perform: async (_context, { cursor }) => ({ data: cursor, executionState: cursorState(cursor ?? null) }),
});

const invokeRecursive = action({
  display: {
    label: 'Invoke Recursive Trigger',
    description:
      'Starts the next run of this flow with the cursor; nothing is started when the cursor is empty.',
  },
  inputs: {},
  perform: async (context) => {
    const cursor = currentCursor(context.executionState);
    if (!isSet(cursor)) {
      context.logger.info('The cursor is empty: the recursion ends here.');
      return { data: null };
    }
    // The next run is one of its own: nobody waits for its end.
    const headers = { 'prismatic-synchronous': 'false' };
    return toStepResult(await invokeSibling(context, context.flow.name, { cursor }, { headers }));
  },
});

export default component({
  key: 'recursive-flow',
  display: {
    label: 'Recursive Flow',
    description: 'Lets a flow run itself again and again, with a cursor, until the work is done.',
    category: 'Logic',
    iconPath: '',
  },
  actions: { getCursor, setCursor, invokeRecursive },
  triggers: { recursiveTrigger },
});
