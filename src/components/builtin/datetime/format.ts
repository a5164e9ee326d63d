import type { DateTime } from 'luxon';

/** What stands for a part of a date, longest first; `[text]` stands for itself. */
const TOKEN =
  /\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|Do|DDDD|DDD|DD|D|dddd|ddd|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,9}|ZZ|Z|zz|z|A|a|WW|W|Q|E|X|x/g;

const TOKENS: Record<string, string | ((at: DateTime) => string)> = {
  YYYY: 'yyyy',
  YY: 'yy',
  MMMM: 'MMMM',
  MMM: 'MMM',
  MM: 'MM',
  M: 'M',
  Do: ({ day }) => ordinal(day),
  DDDD: 'ooo',
  DDD: 'o',
  DD: 'dd',
  D: 'd',
  dddd: 'EEEE',
  ddd: 'EEE',
  HH: 'HH',
  H: 'H',
  hh: 'hh',
  h: 'h',
  kk: ({ hour }) => String(hour || 24).padStart(2, '0'),
  k: ({ hour }) => String(hour || 24),
  mm: 'mm',
  m: 'm',
  ss: 'ss',
  s: 's',
  ZZ: 'ZZZ',
  Z: 'ZZ',
  zz: 'ZZZZ',
  z: 'ZZZZ',
  A: 'a',
  a: (at) => at.toFormat('a').toLowerCase(),
  WW: 'WW',
  W: 'W',
  Q: 'q',
  E: 'E',
  X: 'X',
  x: 'x',
};

/** Writes a date by a pattern such as `YYYY-MM-DDTHH:mm:ss.SSSZ`, in English. */
export function formatDate(date: DateTime, pattern: string): string {
  const at = date.setLocale('en-US');
  return pattern.replace(TOKEN, (token: string, literal: string | undefined) => {
    if (literal !== undefined) return literal;
    if (token.startsWith('S'))
      return String(at.millisecond).padStart(3, '0').padEnd(9, '0').slice(0, token.length);
    const meaning = TOKENS[token];
    if (meaning === undefined) return token;
    return typeof meaning === 'string' ? at.toFormat(meaning) : meaning(at);
  });
}

function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  const ending = isTeen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[day % 10] ?? 'th');
  return `${day}${ending}`;
}
