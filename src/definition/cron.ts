import { Cron } from 'croner';
import { LIMITS } from './limits';

const FIELDS = ['minute', 'hour', 'day of the month', 'month', 'day of the week'];
const ITEM = /^(\*|[0-9]+|[A-Za-z]{3})(-([0-9]+|[A-Za-z]{3}))?(\/[0-9]+)?$/;

export type CronReading = { cron: string } | { problem: string };

/**
 * Reads a five-field cron expression; `cron` is the same with single spaces and no leading zeros. Only what every
 * scheduler knows is accepted (`*`, numbers, three-letter names, ranges, lists, steps): no `L`, `W`, `#`, `@daily`.
 */
export function readCron(text: string): CronReading {
  if (text.length > LIMITS.cronCharacters) {
    return { problem: `It has more than ${LIMITS.cronCharacters} characters.` };
  }
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return { problem: `It has ${text.trim() === '' ? 0 : fields.length} fields, not five.` };
  }
  for (const [index, field] of fields.entries()) {
    const wrong = field
      .split(',')
      .find((item) => !ITEM.test(item) || (item.startsWith('*') && item.includes('-')));
    if (wrong !== undefined) return { problem: `"${wrong}" cannot stand for the ${FIELDS[index]}.` };
  }
  const cron = fields.join(' ').replace(/\b0+(?=\d)/g, '');
  try {
    const pattern = new Cron(cron, { mode: '5-part', paused: true, sloppyRanges: true, timezone: 'UTC' });
    // A fixed day, so that the same text is always judged alike; every real pattern recurs within 28 years of it.
    if (pattern.nextRun(new Date('2024-01-01T00:00:00Z')) === null)
      return { problem: 'Its day never comes.' };
  } catch (error) {
    return { problem: `${(error instanceof Error ? error.message : String(error)).replace(/^\w+: /, '')}.` };
  }
  return { cron };
}
