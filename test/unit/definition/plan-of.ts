import { compilePlan, parseDefinition } from '../../../src/definition';
import type { Plan, PlanStep } from '../../../src/engine/plan';
import { lookup } from './components';

/** The plan of a definition that has no fault. */
export function planOf(text: string): Plan {
  const { definition } = parseDefinition(text);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  return compilePlan(definition, lookup);
}

/** The steps of its first flow. */
export const stepsOf = (text: string): PlanStep[] => planOf(text).flows[0]?.steps ?? [];

/** A step that calls `http.get`. */
export const get = (name: string, inputs = '') =>
  `{name: ${name}, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: u}${inputs}}}`;

/** An input of a plan. */
export const value = (text: unknown) => ({ kind: 'value', value: text });
/** One that refers to a result. */
export const reference = (...path: string[]) => ({ kind: 'reference', path });
