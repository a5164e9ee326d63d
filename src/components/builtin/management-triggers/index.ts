import { component, trigger } from '@prismatic-io/spectral';

/** A trigger that the runtime starts at a moment in the life of an instance. */
const lifecycleTrigger = (label: string, description: string) =>
  trigger({
    display: { label, description },
    inputs: {},
    scheduleSupport: 'invalid',
    synchronousResponseSupport: 'valid',
    perform: async (_context, payload) => ({ payload }),
  });

export default component({
  key: 'management-triggers',
  display: {
    label: 'Management Trigger',
    description: 'Starts flows when an instance is deployed or removed.',
    category: 'Triggers',
    iconPath: '',
  },
  triggers: {
    instanceDeploy: lifecycleTrigger(
      'Instance Deploy',
      'Runs the flow after each deployment of the instance.',
    ),
    instanceRemove: lifecycleTrigger('Instance Remove', 'Runs the flow before the instance is removed.'),
    userLevelConfigDeploy: lifecycleTrigger(
      'User Level Config Deploy',
      'Runs the flow after a user has completed their configuration.',
    ),
    userLevelConfigRemove: lifecycleTrigger(
      'User Level Config Remove',
      'Runs the flow before the configuration of a user is removed.',
    ),
  },
});
