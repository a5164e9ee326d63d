import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { readInput } from './input-tree';
import type { ComponentUse, Definition, Input } from './schema';
import { stepSites } from './step-sites';

/** Where the text of a code step cannot be compiled; line and column from 1. */
export interface CodeFault {
  message: string;
  line: number;
  column: number;
}

/** Compiles the text of a code step as runs do, without running it. */
export type CompileCode = (text: string) => CodeFault | undefined;

const HINT =
  'Correct it; the step fails when it runs. Code is a CommonJS module: module.exports = async (context, stepResults) => { … }';

const isCode = ({ key, isPublic }: ComponentUse): boolean => key === 'code' && isPublic;

/** Warns of code that cannot be compiled, with its place in the definition's text. */
export function checkCode(definition: Definition, compile: CompileCode, faults: FaultList): void {
  const check = (inputs: Record<string, Input>, path: Path): void => {
    if (!Object.hasOwn(inputs, 'code')) return;
    const tree = readInput(inputs['code'], [...path, 'inputs', 'code']);
    if (tree.type !== 'value' || tree.text.trim() === '') return;
    const fault = compile(tree.text);
    if (fault === undefined) return;
    const { line, column } = fault;
    const position = faults.placeIn(tree.path, { line, column });
    const message = `The code cannot be compiled: ${fault.message} (line ${line} of the code)`;
    faults.warning('bad_code', tree.path, message, HINT, position && { position });
  };
  definition.flows.forEach((flow, index) => {
    for (const { step, path } of stepSites(flow, index)) {
      if (isCode(step.action.component)) check(step.inputs, path);
    }
  });
  definition.requiredConfigVars.forEach(({ dataSource, inputs }, index) => {
    if (dataSource && isCode(dataSource.component)) check(inputs, ['requiredConfigVars', index]);
  });
}
