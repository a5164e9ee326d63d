import { input, util } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { cleanNumber } from '../math/inputs';

export const dateTimeInput = input({
  label: 'Date/Time',
  type: 'data',
  required: true,
  comments: 'A date of an earlier step, or text such as 2026-05-04T13:00:00Z.',
});

export const timeZoneInput = input({
  label: 'Time Zone',
  type: 'string',
  default: 'UTC',
  comments: 'Name of a time zone, such as Europe/Berlin.',
  clean: (value: unknown) => cleanText(value).trim() || 'UTC',
});

export const formatInput = input({
  label: 'Format',
  type: 'string',
  default: 'YYYY-MM-DDTHH:mm:ss.SSSZ',
  comments:
    'YYYY year, MM month, DD day, HH or hh hour of 24 or 12, mm minute, ss second, SSS millisecond, Z offset.',
  clean: (value: unknown) => cleanText(value) || 'YYYY-MM-DDTHH:mm:ss.SSSZ',
});

export const epochTimestampInput = input({
  label: 'Epoch Timestamp',
  type: 'string',
  required: true,
  comments: 'Milliseconds since 1970.',
  clean: cleanNumber('Epoch Timestamp'),
});

export const switchInput = (label: string, comments: string) =>
  input({
    label,
    type: 'boolean',
    default: 'false',
    comments,
    clean: (value: unknown) => util.types.toBool(value, false),
  });

export const amountInput = (label: string) =>
  input({
    label,
    type: 'string',
    comments: `How many ${label.toLowerCase()} to add; negative to take away.`,
    clean: (value: unknown) => (cleanText(value).trim() === '' ? 0 : cleanNumber(label)(value)),
  });
