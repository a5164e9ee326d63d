import { action, component, input } from '@prismatic-io/spectral';
import type { Liquid } from 'liquidjs';
import { cleanText, isBinary } from '../clean-input';
import { lazy } from '../lazy';

const library = lazy<typeof import('liquidjs')>('liquidjs');
let kept: Liquid | undefined;

/** Templates that render for longer, or to more, than this are mistakes or attacks. */
const MAX_RENDER_MS = 5_000;
const MAX_TEMPLATE_LENGTH = 4_000_000;
const MAX_OUTPUT_LENGTH = 20_000_000;

const newEngine = () =>
  new (library().Liquid)({
    // Own properties alone, and no files: templates see nothing but their data.
    ownPropertyOnly: true,
    templates: {},
    parseLimit: MAX_TEMPLATE_LENGTH,
    renderLimit: MAX_RENDER_MS,
    memoryLimit: MAX_OUTPUT_LENGTH,
  });

const transform = action({
  display: { label: 'Render Template', description: 'Fills a Liquid template with data.' },
  inputs: {
    data: input({
      label: 'Data',
      type: 'data',
      required: true,
      comments: 'An object or JSON text; its keys are the names in the template. A list is called data.',
      clean: cleanScope,
    }),
    liquidTemplate: input({
      label: 'Liquid Template',
      type: 'code',
      language: 'html',
      required: true,
      comments: 'Text with placeholders such as {{ name }} and tags such as {% for item in items %}.',
      clean: cleanText,
    }),
  },
  perform: async (_context, { data, liquidTemplate }) => {
    kept ??= newEngine();
    try {
      return { data: (await kept.parseAndRender(liquidTemplate, data)) as string };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Liquid Template cannot be rendered: ${reason}`);
    }
  },
});

function cleanScope(value: unknown): Record<string, unknown> {
  const given =
    typeof value === 'string' || value instanceof Uint8Array || isBinary(value) ? parse(value) : value;
  if (given === undefined || given === null) return {};
  return typeof given === 'object' && !Array.isArray(given)
    ? (given as Record<string, unknown>)
    : { data: given };
}

function parse(value: unknown): unknown {
  const text = cleanText(value).trim();
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('Data must be an object, a list or JSON text; it is text that is no JSON.');
  }
}

export default component({
  key: 'liquid-template',
  display: {
    label: 'Liquid Template',
    description: 'Makes text of data by Liquid templates.',
    category: 'Data Platforms',
    iconPath: '',
  },
  actions: { transform },
});
