import { action, component, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

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

export default component({
  key: 'log',
  display: {
    label: 'Log',
    description: 'Writes to the log of the execution.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: { writeLog },
});
