import { cronExpressions } from '../../../src/temporal/schedules';

describe('cron for Temporal', () => {
  test('an expression that restricts one kind of day stays as it is', () => {
    for (const cron of ['0 3 * * *', '*/5 * * * *', '0 0 1 * *', '0 0 * * 1-5', '0 0 */2 * 1']) {
      expect(cronExpressions(cron)).toEqual([cron]);
    }
  });

  test('one that restricts both fires on either, as cron does', () => {
    expect(cronExpressions('30 4 1 * 1')).toEqual(['30 4 1 * *', '30 4 * * 1']);
  });
});
