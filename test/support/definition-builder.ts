import { stringify } from 'yaml';

/** Builds definitions for tests: short to write, complete to read. */
type Input = { type: string; value: unknown; name?: unknown };

export const value = (text: string): Input => ({ type: 'value', value: text });
export const reference = (path: string): Input => ({ type: 'reference', value: path });
export const template = (text: string): Input => ({ type: 'template', value: text });
export const complex = (items: unknown[]): Input => ({ type: 'complex', value: items });

interface StepExtras {
  branches?: { name: string; steps: unknown[] }[];
  steps?: unknown[];
  errorConfig?: Record<string, unknown>;
  schedule?: Record<string, unknown>;
}

/** A step: its display name, `component.action`, inputs. */
export function step(
  name: string,
  action: string,
  inputs: Record<string, Input> = {},
  extras: StepExtras = {},
) {
  const [component = '', key = ''] = action.split('.');
  return {
    name,
    description: '',
    action: { key, component: { key: component, isPublic: true, version: 'LATEST' } },
    inputs,
    ...extras,
  };
}

export const webhook = (inputs: Record<string, Input> = {}) => ({
  ...step('Trigger', 'webhook-triggers.webhook', inputs),
  isTrigger: true,
});

export const scheduled = (cron: string, timeZone = '') => ({
  ...step(
    'Trigger',
    'schedule-triggers.schedule',
    {},
    {
      schedule: { type: 'value', value: cron, meta: { scheduleType: 'custom', timeZone } },
    },
  ),
  isTrigger: true,
});

export const code = (name: string, text: string) => step(name, 'code.runCode', { code: value(text) });

interface Flow {
  name: string;
  trigger?: unknown;
  steps: unknown[];
  isSynchronous?: boolean;
}

/** The YAML text of an integration. */
export function definition(name: string, flows: Flow[], rest: Record<string, unknown> = {}): string {
  return stringify({
    definitionVersion: 7,
    name,
    description: '',
    requiredConfigVars: [],
    configPages: [],
    endpointType: 'flow_specific',
    ...rest,
    flows: flows.map(({ trigger, steps, ...flow }) => ({
      description: '',
      isSynchronous: false,
      endpointSecurityType: 'customer_optional',
      ...flow,
      steps: [trigger ?? webhook(), ...steps],
    })),
  });
}

/** A config variable of type string. */
export const stringVar = (key: string, defaultValue = '') => ({
  key,
  dataType: 'string',
  defaultValue,
  orgOnly: false,
});
