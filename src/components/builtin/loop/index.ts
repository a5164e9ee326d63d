import { action, component, input } from '@prismatic-io/spectral';

const ENGINE_ONLY =
  'Loops are run by the engine, not by the loop component: put steps into the loop of a flow.';

function refuse(): never {
  throw new Error(ENGINE_ONLY);
}

const loopOverItems = action({
  display: { label: 'Loop Over Items', description: 'Runs its steps once for each item of a list.' },
  inputs: {
    items: input({
      label: 'Items',
      type: 'data',
      required: true,
      comments: 'A list or an object, by reference to the result of an earlier step.',
    }),
  },
  perform: async () => refuse(),
});

const loopNTimes = action({
  display: { label: 'Loop N Times', description: 'Runs its steps a number of times.' },
  inputs: {
    iterationCount: input({
      label: 'Number of Iterations',
      type: 'string',
      required: true,
      default: '1000',
      comments: 'How often the steps run, unless a Break Loop ends the loop before.',
    }),
  },
  perform: async () => refuse(),
});

const breakLoop = action({
  display: { label: 'Break Loop', description: 'Ends the innermost loop; the flow goes on behind it.' },
  breakLoop: true,
  inputs: {},
  perform: async () => ({ data: null }),
});

export default component({
  key: 'loop',
  display: {
    label: 'Loop',
    description: 'Repeats steps for each item of a list or a number of times.',
    category: 'Logic',
    iconPath: '',
  },
  actions: { loopOverItems, loopNTimes, breakLoop },
});
