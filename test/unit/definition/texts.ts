import { checkDefinition, type Fault, parseDefinition } from '../../../src/definition';
import { lookup } from './components';

/** A text whose one `«` marks the place where a fault is expected. */
export function marked(source: string): { text: string; line: number; column: number } {
  const lines = source.slice(0, source.indexOf('«')).split('\n');
  return { text: source.replace('«', ''), line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const indent = (text: string, spaces: number): string =>
  text
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .map((line) => ' '.repeat(spaces) + line)
    .join('\n');

export const HOOK =
  '- {name: Hook, isTrigger: true, action: {key: webhook, component: {key: hooks, isPublic: true}}}';

/** An integration of one flow, whose steps are given as a list that begins at the left margin. */
export function withSteps(steps: string, more = ''): string {
  return `definitionVersion: 7\nname: Test\n${more}flows:\n  - name: Main\n    steps:\n${indent(steps, 6)}\n`;
}

/** The same with a webhook as the trigger. */
export function behindHook(steps: string, more = ''): string {
  return withSteps(`${HOOK}\n${steps.replace(/^\n+/, '')}`, more);
}

/** All faults of reading and checking a text. */
export function faultsOf(text: string): Fault[] {
  const { definition, faults } = parseDefinition(text);
  return definition === undefined ? faults : [...faults, ...checkDefinition(definition, lookup)];
}

/** What tests compare of a fault. */
export const place = ({ code, severity, line, column }: Fault) => ({ code, severity, line, column });
