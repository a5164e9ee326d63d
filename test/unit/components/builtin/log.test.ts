import log from '../../../../src/components/builtin/log';
import { callAction } from './call-component';

it('writes metrics as numbers where they are numbers', async () => {
  const metric = jest.fn();
  const metrics = [
    { key: 'count', value: '12' },
    { key: 'kind', value: 'order' },
    { key: '', value: '' },
  ];
  await callAction(log)('writeMetric', { metrics }, { logger: { metric } });
  expect(metric).toHaveBeenCalledWith({ count: 12, kind: 'order' });
  await expect(callAction(log)('writeMetric', { metrics: [] }, { logger: { metric } })).rejects.toThrow(
    /Metrics are empty/,
  );
});
