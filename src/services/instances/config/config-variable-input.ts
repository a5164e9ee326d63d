import { z } from 'zod';

/** How one config variable is set. */
export const configVariableInput = z.object({
  key: z.string(),
  value: z
    .string()
    .nullish()
    .describe('Text; lists, pairs and forms as JSON. Null or empty: the default counts.'),
  values: z
    .string()
    .nullish()
    .describe('For a connection: JSON text of a list of {"name": …, "type": "value", "value": …}.'),
  scheduleType: z.string().nullish().describe('For a schedule; `none` and `once` mean that it never recurs.'),
  onPremiseResourceId: z
    .string()
    .nullish()
    .describe('For a connection that allows it: the resource whose agent stands for `host` and `port`.'),
  timeZone: z.string().nullish().describe('For a schedule: an IANA name, UTC if empty.'),
});
export type ConfigVariableInput = z.input<typeof configVariableInput>;

/** The fields of a connection as `values` gives them. */
export const connectionFields = z.array(
  z.object({
    name: z.string(),
    type: z.literal('value').nullish(),
    value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  }),
);
