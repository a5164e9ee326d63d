import datetime from '../../../../src/components/builtin/datetime';
import { callAction } from './call-component';

const call = callAction(datetime);
const at = '2026-05-04T13:05:06.789Z';

it.each([
  [
    'adjustDateTime',
    { dateTimeInput: at, secondsInput: '4', minutesInput: '-5', hoursInput: '', daysInput: '1.5' },
    '2026-05-06T01:00:10.789Z',
  ],
  ['adjustDateTime', { dateTimeInput: new Date(at), hoursInput: '-14' }, '2026-05-03T23:05:06.789Z'],
  ['adjustDateTime', { dateTimeInput: '2026-05-04' }, '2026-05-04T00:00:00.000Z'],
  ['adjustDateTime', { dateTimeInput: '2026-05-04 10:00:00' }, '2026-05-04T10:00:00.000Z'],
  ['adjustDateTime', { dateTimeInput: 'Mon, 04 May 2026 10:00:00 GMT' }, '2026-05-04T10:00:00.000Z'],
  ['adjustDateTime', { dateTimeInput: '2026-05-04T10:00:00+02:00' }, '2026-05-04T08:00:00.000Z'],
  ['convertToISOString', { dateTimeInput: at, timeZoneInput: 'Europe/Berlin' }, at],
  [
    'convertToISOString',
    { dateTimeInput: '2026-05-04T13:00:00', timeZoneInput: 'Europe/Berlin' },
    '2026-05-04T11:00:00.000Z',
  ],
  [
    'convertToLocalISOString',
    { dateTimeInput: at, timeZoneInput: 'America/New_York' },
    '2026-05-04T09:05:06.789-04:00',
  ],
  [
    'convertToLocalISOString',
    { dateTimeInput: '2026-01-04T13:00:00Z', timeZoneInput: 'Asia/Kolkata' },
    '2026-01-04T18:30:00.000+05:30',
  ],
  ['convertToEpoch', { dateTimeInput: at }, Date.parse(at)],
  [
    'convertToEpoch',
    { dateTimeInput: at, displayEpochInSecondsInput: 'true' },
    Math.floor(Date.parse(at) / 1000),
  ],
  ['convertFromEpoch', { epochTimestampInput: String(Date.parse(at)) }, at],
  [
    'convertFromEpoch',
    { epochTimestampInput: 1, epochTimestampInSecondsInput: 'true' },
    '1970-01-01T00:00:01.000Z',
  ],
  [
    'formatDateTime',
    { dateTimeInput: at, timeZoneInput: 'etc/UTC', formatInput: 'YYYY-MM-DDTHH:mm:ss.SSSZ' },
    '2026-05-04T13:05:06.789+00:00',
  ],
  [
    'formatDateTime',
    { dateTimeInput: at, timeZoneInput: 'America/New_York', formatInput: '' },
    '2026-05-04T09:05:06.789-04:00',
  ],
  [
    'formatDateTime',
    { dateTimeInput: at, timeZoneInput: '', formatInput: 'DD/MM/YY hh:mm a [at] dddd, MMMM Do' },
    '04/05/26 01:05 pm at Monday, May 4th',
  ],
])('%s of %j is %j', async (key, params, expected) => {
  expect(await call(key, params)).toEqual({ data: expected });
});

it('gives the current time as text or in seconds', async () => {
  const before = Date.now();
  const { data: text } = await call('getCurrentDateTime', {});
  const { data: seconds } = await call('getCurrentDateTime', { displayEpochInSecondsInput: 'true' });
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Date.parse(text as string)).toBeGreaterThanOrEqual(before);
  expect(Math.abs((seconds as number) - before / 1000)).toBeLessThan(60);
});

it.each([
  ['adjustDateTime', { dateTimeInput: 'soon' }, 'Date/Time must be a date in ISO 8601, got "soon".'],
  ['adjustDateTime', { dateTimeInput: at, daysInput: 'x' }, 'Days must be a number, got "x".'],
  ['adjustDateTime', { dateTimeInput: at, daysInput: '1e12' }, 'The result is beyond the dates'],
  ['formatDateTime', { dateTimeInput: at, timeZoneInput: 'Mars/Base' }, 'Time Zone "Mars/Base" is not known'],
  ['convertFromEpoch', { epochTimestampInput: '1e20' }, 'Epoch Timestamp is beyond the dates'],
])('%s of %j says what is wrong', async (key, params, message) => {
  await expect(call(key, params)).rejects.toThrow(message);
});
