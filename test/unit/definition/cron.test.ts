import { readCron } from '../../../src/definition/cron';
import { readTimeZone } from '../../../src/definition/time-zone';

test.each([
  ['*/5 * * * *', '*/5 * * * *'],
  ['00 00 * * 0', '0 0 * * 0'],
  ['00 00 */1 * *', '0 0 */1 * *'],
  ['  05   08-09/01 01,010 JAN-mar  MON ', '5 8-9/1 1,10 JAN-mar MON'],
  ['0/15 * * * 7', '0/15 * * * 7'],
  ['0 0 29 2 *', '0 0 29 2 *'],
])('reads %j as %j', (text, cron) => {
  expect(readCron(text)).toEqual({ cron });
});

test.each([
  ['', 'It has 0 fields, not five.'],
  ['* * * *', 'It has 4 fields, not five.'],
  ['0 * * * * *', 'It has 6 fields, not five.'],
  ['@daily', 'It has 1 fields, not five.'],
  ['0 0 L * *', '"L" cannot stand for the day of the month.'],
  ['0 0 * * 1#2', '"1#2" cannot stand for the day of the week.'],
  ['*-5 * * * *', '"*-5" cannot stand for the minute.'],
  ['0,,5 * * * *', '"" cannot stand for the minute.'],
  ['0 0 30 2 *', 'Its day never comes.'],
])('refuses %j: %s', (text, problem) => {
  expect(readCron(text)).toEqual({ problem });
});

test.each([
  '60 * * * *',
  '0 24 * * *',
  '0 0 0 * *',
  '0 0 * 13 *',
  '0 0 * * 8',
  '*/0 * * * *',
  '9-5 * * * *',
  '0 0 * foo *',
])('refuses %j, which is out of range', (text) => {
  expect(readCron(text)).toHaveProperty('problem', expect.stringMatching(/^.{5,}\.$/));
});

test.each([
  ['', 'UTC'],
  ['UTC', 'UTC'],
  ['europe/berlin', 'Europe/Berlin'],
  ['US/Pacific', 'US/Pacific'],
  ['Mars/Olympus', undefined],
  ['+05:00', undefined],
  ['Not a zone', undefined],
])('reads the time zone %j as %j', (text, zone) => {
  expect(readTimeZone(text)).toBe(zone);
});
