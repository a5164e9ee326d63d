import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Fault } from '../../../definition';
import type { CompiledDefinition, Reading } from './desk-requests';

/** Treat it as read-only, it may be shared. */
export interface Compiled extends CompiledDefinition {
  /** What is doubtful, but can be used. */
  warnings: Fault[];
}

/** By the digest of the text; bounded by the keys that they name. */
export const recentReadings = new LRUCache<string, Reading>({
  max: 1000,
  maxSize: 100_000,
  sizeCalculation: ({ componentKeys, templateNames }) => componentKeys.length + templateNames.length + 1,
});

/** By all that goes into a compilation; bounded by characters. */
export const recentlyCompiled = new LRUCache<string, Compiled>({
  max: 200,
  maxSize: 64 * 1024 * 1024,
  sizeCalculation: ({ plan, identities, warnings }) =>
    plan.json.length + identities.length + warnings.length * 500 + 1000,
});

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
