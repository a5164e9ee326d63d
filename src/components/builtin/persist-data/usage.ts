import { serialize } from 'node:v8';
import { action } from '@prismatic-io/spectral';
import { LEVELS } from './levels';

/** Bytes that the stored values of all levels may take together. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/** How much is stored at each level that outlives an execution, in bytes; serialized, so about what is written. */
export const getUsage = action({
  display: {
    label: 'Get Persist Data Usage Metrics',
    description: 'Gives how many bytes are stored at each level, and how many may be.',
  },
  inputs: {},
  perform: async (context) => {
    const kept = LEVELS.filter(({ name }) => name !== 'Execution');
    const levels = Object.fromEntries(
      kept.map(({ state }) => {
        const values = context[state] ?? {};
        const keys = Object.keys(values).length;
        return [state, { keys, bytes: keys === 0 ? 0 : serialize(values).byteLength }];
      }),
    );
    const totalBytes = Object.values(levels).reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      data: {
        ...levels,
        totalBytes,
        limitBytes: LIMIT_BYTES,
        percentUsed: Math.round((totalBytes / LIMIT_BYTES) * 10_000) / 100,
      },
    };
  },
});
