import { component, trigger } from '@prismatic-io/spectral';

const schedule = trigger({
  display: { label: 'Schedule', description: 'Starts the flow at the times of its schedule.' },
  inputs: {},
  scheduleSupport: 'required',
  synchronousResponseSupport: 'invalid',
  perform: async (_context, payload) => ({ payload }),
});

export default component({
  key: 'schedule-triggers',
  display: {
    label: 'Schedule',
    description: 'Starts a flow again and again, at the times of a cron expression.',
    category: 'Triggers',
    iconPath: '',
  },
  triggers: { schedule },
});
