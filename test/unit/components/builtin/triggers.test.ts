import managementTriggers from '../../../../src/components/builtin/management-triggers';
import scheduleTriggers from '../../../../src/components/builtin/schedule-triggers';
import { performOf } from './call-component';

it.each([
  [managementTriggers, 'instanceDeploy'],
  [managementTriggers, 'instanceRemove'],
  [managementTriggers, 'userLevelConfigDeploy'],
  [managementTriggers, 'userLevelConfigRemove'],
  [scheduleTriggers, 'schedule'],
])('%# passes its payload on: %s %s', async (component, key) => {
  const payload = { headers: {}, webhookUrls: { A: 'http://x' } };
  expect(await performOf(component, 'triggers', key)({}, payload, {})).toEqual({ payload });
});
