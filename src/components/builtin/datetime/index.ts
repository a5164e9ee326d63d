import { action, component } from '@prismatic-io/spectral';
import { formatDate } from './format';
import {
  amountInput,
  dateTimeInput,
  epochTimestampInput,
  formatInput,
  switchInput,
  timeZoneInput,
} from './inputs';
import { checked, readDate } from './read';

const IN_SECONDS = 'Display Epoch In Seconds';

const adjustDateTime = action({
  display: { label: 'Adjust Date/Time', description: 'Adds seconds, minutes, hours and days to a date.' },
  inputs: {
    dateTimeInput,
    secondsInput: amountInput('Seconds'),
    minutesInput: amountInput('Minutes'),
    hoursInput: amountInput('Hours'),
    daysInput: amountInput('Days'),
  },
  // A day has 24 hours here: the action knows no zone whose clocks change.
  perform: async (_context, { dateTimeInput: given, secondsInput, minutesInput, hoursInput, daysInput }) => {
    const at = await readDate(given);
    const seconds = secondsInput + 60 * (minutesInput + 60 * (hoursInput + 24 * daysInput));
    return { data: checked(at.plus({ milliseconds: Math.round(seconds * 1000) })).toISO() };
  },
});

const convertToISOString = action({
  display: { label: 'Convert Date/Time To ISO String', description: 'Writes a date in ISO 8601, in UTC.' },
  inputs: { dateTimeInput, timeZoneInput },
  perform: async (_context, { dateTimeInput: given, timeZoneInput: zone }) => ({
    data: (await readDate(given, zone)).toUTC().toISO(),
  }),
});

const convertToLocalISOString = action({
  display: {
    label: 'Convert Date/Time To Local ISO String',
    description: 'Writes a date in ISO 8601, in the time of a zone with its offset.',
  },
  inputs: { dateTimeInput, timeZoneInput },
  perform: async (_context, { dateTimeInput: given, timeZoneInput: zone }) => ({
    data: (await readDate(given, zone)).toISO(),
  }),
});

const convertToEpoch = action({
  display: {
    label: 'Convert Date To Epoch',
    description: 'The time since 1970, in milliseconds or seconds.',
  },
  inputs: {
    dateTimeInput,
    displayEpochInSecondsInput: switchInput(IN_SECONDS, 'Whole seconds instead of milliseconds.'),
  },
  perform: async (_context, { dateTimeInput: given, displayEpochInSecondsInput: inSeconds }) => {
    const milliseconds = (await readDate(given)).toMillis();
    return { data: inSeconds ? Math.floor(milliseconds / 1000) : milliseconds };
  },
});

const convertFromEpoch = action({
  display: { label: 'Convert Epoch Timestamp To Date', description: 'Writes a time since 1970 in ISO 8601.' },
  inputs: {
    epochTimestampInput,
    epochTimestampInSecondsInput: switchInput('Epoch Timestamp in Seconds', 'The timestamp counts seconds.'),
  },
  perform: async (_context, { epochTimestampInput: timestamp, epochTimestampInSecondsInput: inSeconds }) => {
    const at = new Date(Math.round(inSeconds ? timestamp * 1000 : timestamp));
    if (Number.isNaN(at.getTime()))
      throw new Error('Epoch Timestamp is beyond the dates that can be written.');
    return { data: at.toISOString() };
  },
});

const formatDateTime = action({
  display: { label: 'Format Date/Time', description: 'Writes a date in a format of your own.' },
  inputs: { dateTimeInput, timeZoneInput, formatInput },
  perform: async (_context, { dateTimeInput: given, timeZoneInput: zone, formatInput: format }) => ({
    data: formatDate(await readDate(given, zone), format),
  }),
});

const getCurrentDateTime = action({
  display: { label: 'Get Current Date/Time', description: 'The current time, in UTC.' },
  inputs: { displayEpochInSecondsInput: switchInput(IN_SECONDS, 'Seconds since 1970 instead of text.') },
  perform: async (_context, { displayEpochInSecondsInput: inSeconds }) => ({
    data: inSeconds ? Math.floor(Date.now() / 1000) : new Date().toISOString(),
  }),
});

export default component({
  key: 'datetime',
  display: {
    label: 'Date/Time',
    description: 'Works on dates and times.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: {
    adjustDateTime,
    convertToISOString,
    convertToLocalISOString,
    convertToEpoch,
    convertFromEpoch,
    formatDateTime,
    getCurrentDateTime,
  },
});
