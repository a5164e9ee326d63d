import { append, bareList } from './captured';

/** An IP address as eight groups of 16 bits; IPv4 in its mapped form. */
export interface Address {
  isV4: boolean;
  groups: readonly number[];
}

/** Addresses whose first `bits` of 128 are the same. */
export interface AddressRange extends Address {
  bits: number;
}

const DIGITS: Record<string, number | undefined> = { __proto__: null } as never;
for (const [value, digit] of '0123456789abcdef'.split('').entries()) {
  DIGITS[digit] = value;
  DIGITS[digit.toUpperCase()] = value;
}

/**
 * Reads an address in the forms that the system's own parser takes, a zone left out; undefined for anything else. It
 * uses no method of any built-in object, so it reads alike whatever component code has replaced.
 */
export function readAddress(text: string): Address | undefined {
  let end = 0;
  let isV4 = true;
  for (; end < text.length && text[end] !== '%'; end += 1) if (text[end] === ':') isV4 = false;
  const groups = bareList<number>();
  for (let at = 0; at < 8; at += 1) groups[at] = 0;
  if (isV4) {
    groups[5] = 0xff_ff;
    return end === text.length && readV4(text, 0, end, groups, 6) ? { isV4, groups } : undefined;
  }
  return readV6(text, end, groups) ? { isV4: isMapped(groups), groups } : undefined;
}

function isMapped(groups: readonly number[]): boolean {
  for (let at = 0; at < 5; at += 1) if (groups[at] !== 0) return false;
  return groups[5] === 0xff_ff;
}

function readV4(text: string, from: number, end: number, groups: number[], first: number): boolean {
  let at = from;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) {
      if (at >= end || text[at] !== '.') return false;
      at += 1;
    }
    const start = at;
    let value = 0;
    for (; at < end; at += 1) {
      const digit = DIGITS[text[at] ?? ''];
      if (digit === undefined || digit > 9) break;
      value = value * 10 + digit;
    }
    // No leading zeros: some readers take such numbers for octal ones.
    if (at === start || at - start > 3 || value > 255 || (at - start > 1 && text[start] === '0'))
      return false;
    const group = first + (part >> 1);
    groups[group] = part % 2 === 0 ? value << 8 : (groups[group] ?? 0) | value;
  }
  return at === end;
}

function readV6(text: string, end: number, groups: number[]): boolean {
  let at = 0;
  let count = 0;
  let gap = -1;
  if (text[0] === ':') {
    if (text[1] !== ':') return false;
    at = 2;
    gap = 0;
  }
  while (at < end) {
    if (count === 8) return false;
    const start = at;
    let value = 0;
    for (; at < end && at - start < 5; at += 1) {
      const digit = DIGITS[text[at] ?? ''];
      if (digit === undefined) break;
      value = value * 16 + digit;
    }
    if (at < end && text[at] === '.') {
      if (count > 6 || !readV4(text, start, end, groups, count)) return false;
      count += 2;
      break;
    }
    if (at === start || at - start > 4) return false;
    groups[count] = value;
    count += 1;
    if (at === end) break;
    if (text[at] !== ':' || at + 1 === end) return false;
    at += 1;
    if (text[at] === ':') {
      if (gap !== -1) return false;
      gap = count;
      at += 1;
    }
  }
  return gap === -1 ? count === 8 : count < 8 && widen(groups, gap, count);
}

/** Moves the groups behind a `::` to the end. */
function widen(groups: number[], gap: number, count: number): boolean {
  for (let from = count - 1, to = 7; from >= gap; from -= 1, to -= 1) {
    groups[to] = groups[from] ?? 0;
    groups[from] = 0;
  }
  return true;
}

/** Reads an address or a CIDR range; undefined for anything else. */
export function readRange(text: string): AddressRange | undefined {
  const [plain = '', bits, ...rest] = text.split('/');
  const address = readAddress(plain);
  if (address === undefined || rest.length > 0) return undefined;
  const isShort = !plain.includes(':');
  const size = isShort ? 32 : 128;
  const given = bits === undefined ? size : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
  if (given > size) return undefined;
  return { ...address, bits: isShort ? given + 96 : given };
}

/** Whether an address is in one of the ranges. */
export function holds(ranges: readonly AddressRange[], address: Address): boolean {
  for (let at = 0; at < ranges.length; at += 1) {
    const range = ranges[at];
    if (range !== undefined && range.isV4 === address.isV4 && isWithin(range, address)) return true;
  }
  return false;
}

function isWithin({ groups, bits }: AddressRange, { groups: asked }: Address): boolean {
  const whole = bits >> 4;
  for (let at = 0; at < whole; at += 1) if (groups[at] !== asked[at]) return false;
  const left = bits & 15;
  return left === 0 || (((groups[whole] ?? 0) ^ (asked[whole] ?? 0)) & (0xff_ff << (16 - left))) === 0;
}

/** Adds one address to a list. */
export function addAddress(ranges: AddressRange[], { isV4, groups }: Address): void {
  append(ranges, { isV4, groups, bits: 128 });
}
