import { setTimeout as wait } from 'node:timers/promises';
import { action, component, input } from '@prismatic-io/spectral';
import { cleanCount } from '../clean-input';

const sleep = action({
  display: { label: 'Sleep', description: 'Waits before the flow goes on.' },
  inputs: {
    ms: input({
      label: 'Milliseconds',
      type: 'string',
      required: true,
      default: '1000',
      comments: 'How long to wait. Waits of more than two seconds survive restarts.',
      clean: cleanCount('Milliseconds'),
    }),
  },
  // Only short waits come here; the engine turns a longer one into a durable timer.
  perform: async (_context, { ms }) => {
    await wait(ms ?? 0);
    return { data: null };
  },
});

export default component({
  key: 'sleep',
  display: {
    label: 'Sleep',
    description: 'Waits for a given time.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: { sleep },
});
