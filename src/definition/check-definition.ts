import { type CompileCode, checkCode } from './check-code';
import { findComponent, type KnownTemplate } from './check-component';
import { checkConfigVars } from './check-config-vars';
import { checkReferences } from './check-references';
import { checkSteps } from './check-steps';
import { type ComponentLookup, rememberLookups } from './component-lookup';
import { faultListFor } from './definition-source';
import type { Fault } from './fault';
import type { Definition } from './schema';
import { reportUnsupported } from './unsupported';

export interface CheckOptions {
  /** Components that the lookup does not know are warned of, since they may be published elsewhere. */
  isOffline?: boolean;
  /** Presets of connections that there are; one that is not among them is warned of. Not given: nothing is known. */
  templates?: readonly KnownTemplate[];
  /** Compiles the code of code steps; not given: it is not looked at. */
  compileCode?: CompileCode;
}

/**
 * Checks a definition against the components that it names: what it asks of them, what its inputs refer to, and
 * whether the engine runs all that it uses. Repeats none of the faults that reading the text found.
 */
export function checkDefinition(
  definition: Definition,
  lookup: ComponentLookup,
  options: CheckOptions = {},
): Fault[] {
  const faults = faultListFor(definition);
  const configVars = new Map(definition.requiredConfigVars.map((configVar) => [configVar.key, configVar]));
  const context = { ...options, faults, configVars, lookup: rememberLookups(lookup) };
  definition.flows.forEach((flow, index) => {
    const isSynchronous = flow.isSynchronous ?? definition.isSynchronous ?? false;
    checkReferences(definition, index, faults);
    checkSteps(flow, index, isSynchronous, context);
    (flow.supplementalComponents ?? []).forEach((use, position) => {
      const user = ` (code of the flow "${flow.name}")`;
      findComponent(use, ['flows', index, 'supplementalComponents', position], context, user);
    });
  });
  checkConfigVars(definition, context);
  if (options.compileCode) checkCode(definition, options.compileCode, faults);
  reportUnsupported(definition, faults);
  return faults.list();
}
