import stopExecution from '../../../../src/components/builtin/stop-execution';
import { callAction } from './call-component';

const stop = (jsonBody: unknown, contentType = '') =>
  callAction(stopExecution)('stopExecution', { statusCode: '', jsonBody, contentType, headers: '' });

it('answers with a file as it is, under its own type unless another is named', async () => {
  const file = { data: Buffer.from([0, 255]), contentType: 'image/png' };
  expect(await stop(file)).toMatchObject({ data: file.data, contentType: 'image/png', statusCode: 200 });
  expect(await stop(file, 'image/x')).toMatchObject({ data: file.data, contentType: 'image/x' });
  expect(await stop({ data: 'text' })).toMatchObject({
    data: { data: 'text' },
    contentType: 'application/json',
  });
});
