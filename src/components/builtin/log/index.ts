import { action, component, input } from '@prismatic-io/spectral';
import { cleanPairs, cleanText } from '../clean-input';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

function cleanLevel(value: unknown): Level {
  const text = cleanText(value).trim().toLowerCase() || 'info';
  const level = LEVELS.find((name) => name === text);
  if (level === undefined) throw new Error(`Log Level must be one of ${LEVELS.join(', ')}, got "${text}".`);
  return level;
}

const writeLog = action({
  display: { label: 'Write Log Message', description: 'Writes one line to the log of the execution.' },
  inputs: {
    level: input({
      label: 'Log Level',
      type: 'string',
      required: true,
      default: 'info',
      model: LEVELS.map((level) => ({ label: level, value: level })),
      clean: cleanLevel,
    }),
    message: input({ label: 'Log Message', type: 'text', required: true, clean: cleanText }),
  },
  perform: async (context, { level, message }) => {
    context.logger[level](message);
    return { data: null };
  },
});

const writeMetric = action({
  display: {
    label: 'Write Metric(s)',
    description: 'Writes named measurements to the log of the execution.',
  },
  inputs: {
    metrics: input({
      label: 'Metrics',
      type: 'data',
      collection: 'keyvaluelist',
      required: true,
      comments: 'Names and what was measured; numbers are written as such.',
      clean: cleanMetrics,
    }),
  },
  perform: async (context, { metrics }) => {
    if (Object.keys(metrics).length === 0) throw new Error('Metrics are empty: name at least one.');
    context.logger.metric(metrics);
    return { data: null };
  },
});

function cleanMetrics(value: unknown): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(cleanPairs(value)).map(([name, text]) => {
      const number = text.trim() === '' ? Number.NaN : Number(text);
      return [name, Number.isFinite(number) ? number : text] as const;
    }),
  );
}

export default component({
  key: 'log',
  display: {
    label: 'Log',
    description: 'Writes to the log of the execution.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: { writeLog, writeMetric },
});
