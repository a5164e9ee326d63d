export { checkDefinition } from './check-definition';
export { compilePlan } from './compile-plan';
export type {
  ComponentLookup,
  ComponentReference,
  FoundComponent,
  MissingComponent,
} from './component-lookup';
export { type ExportOptions, exportDefinition } from './export-definition';
export { describeFault, type Fault, hasErrors } from './fault';
export { type ParsedDefinition, parseDefinition } from './parse-definition';
export { parseTemplate } from './parse-template';
export type { Definition } from './schema';
export { splitPath } from './split-path';
export { stepKey } from './step-key';
