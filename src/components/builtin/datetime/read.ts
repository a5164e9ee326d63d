import type { DateTime } from 'luxon';
import { cleanText } from '../clean-input';

/** The library, loaded when a date is first worked on. */
const load = () => import('luxon');

/** Reads a date into a zone; text without an offset is a time of that zone. Throws for what is no date or zone. */
export async function readDate(value: unknown, zone = 'UTC'): Promise<DateTime<true>> {
  const library = await load();
  const found = candidatesOf(library.DateTime, value, await knownZone(zone)).find(({ isValid }) => isValid);
  if (found?.isValid) return found as DateTime<true>;
  throw new Error(`Date/Time must be a date in ISO 8601, got "${cleanText(value).slice(0, 40)}".`);
}

function candidatesOf(Dates: typeof DateTime, value: unknown, zone: string): DateTime[] {
  if (value instanceof Date) return [Dates.fromJSDate(value, { zone })];
  const text = cleanText(value)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  if (/^-?\d{9,}(\.\d+)?$/.test(text)) return [Dates.fromMillis(Math.trunc(Number(text)), { zone })];
  return [
    Dates.fromISO(text, { zone }),
    Dates.fromSQL(text, { zone }),
    Dates.fromRFC2822(text, { zone }),
    Dates.fromHTTP(text, { zone }),
  ];
}

async function knownZone(name: string): Promise<string> {
  const { IANAZone, FixedOffsetZone } = await load();
  if (IANAZone.isValidZone(name) || FixedOffsetZone.parseSpecifier(name) !== null) return name;
  throw new Error(`Time Zone "${name.slice(0, 60)}" is not known: write a name such as Europe/Berlin.`);
}

/** Throws when arithmetic has left the dates that can be written. */
export function checked(at: DateTime): DateTime<true> {
  if (at.isValid) return at as DateTime<true>;
  throw new Error('The result is beyond the dates that can be written.');
}
