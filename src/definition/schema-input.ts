import { z } from 'zod';
import { INPUT_RULES } from './json-schema-inputs';

/** Kinds of input that the language knows. */
export const INPUT_TYPES = [
  'value',
  'reference',
  'configVar',
  'template',
  'complex',
  'dataSource',
  'scopedConfigVar',
] as const;

/** An input as written; what `value` may be depends on `type` and is checked by the input reader. */
export const InputSchema = z
  .looseObject({
    type: z.enum(INPUT_TYPES).describe('Where the value comes from.'),
    value: z
      .unknown()
      .optional()
      .describe(
        'value: text; reference: a path such as stepKey.results.id; configVar: its key; template: text with {{$path}} and {{#Config Var}}; complex: a list.',
      ),
  })
  .meta({ id: 'input', description: 'The value of one input.', allOf: INPUT_RULES });

/** Inputs by the key that the component declares. */
export const Inputs = z
  .record(z.string(), InputSchema)
  .default({})
  .describe('Values by the key of the input that the component declares.');

/** A path written as an input of type `reference` or, as code-native integrations do, as bare text. */
export const FieldSchema = z
  .preprocess(
    (given) => (typeof given === 'string' ? { type: 'reference', value: given } : given),
    z.looseObject({ type: z.enum(INPUT_TYPES), value: z.string().default('') }),
  )
  .meta({
    id: 'path',
    description: 'A path, as text or as an input of type reference.',
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        required: ['type'],
        properties: { type: { enum: ['reference', 'value'] }, value: { type: 'string' } },
      },
      // Editors write one without a path in any way.
      {
        type: 'object',
        required: ['type'],
        properties: { type: { enum: [...INPUT_TYPES] }, value: { enum: [''] } },
      },
    ],
  });

/** A component as a definition names it; without version and signature it means the latest version. */
export const ComponentSchema = z
  .looseObject({
    key: z.string(),
    isPublic: z.boolean().describe('True for built-in components, false for those of the organization.'),
    version: z.union([z.int().positive(), z.literal('LATEST')]).optional(),
    signature: z.string().optional().describe('Of a published package, in place of a version.'),
  })
  .meta({ id: 'component', description: 'The component that is meant.' });

/** An action, trigger, connection or data source of a component. */
export const ActionSchema = z.looseObject({
  key: z.string().describe('As the component declares it.'),
  component: ComponentSchema,
});

export const SCHEDULE_TYPES = ['none', 'once', 'custom', 'minute', 'hour', 'day', 'week'] as const;

export type ComponentUse = z.infer<typeof ComponentSchema>;
export type Input = z.infer<typeof InputSchema>;
export type Field = z.infer<typeof FieldSchema>;
