import { createHash } from 'node:crypto';
import type { Plan } from '../../engine/plan';

/** A plan as it is stored. */
export interface PlanText {
  /** Hash of the content. */
  id: string;
  json: string;
}

/** Writes a plan as it is stored. */
export function planText(plan: Plan): PlanText {
  const json = JSON.stringify(plan);
  return { id: createHash('sha256').update(json).digest('hex'), json };
}
