import type { CallScope } from './call-scope';
import type { PerformRequest, RunStates, Severity } from './contract';
import { formatLog } from './format-log';

const LOGGER_LEVELS = {
  metric: 'METRIC',
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const satisfies Record<string, Severity>;

/** The context that a component gets: the given data with live state objects and the functions of the contract. */
export function actionContext(
  request: PerformRequest,
  states: RunStates,
  call: CallScope,
): Record<string, unknown> {
  const { context, stepResults } = request;
  return {
    ...context,
    ...(stepResults === undefined ? {} : { stepResults }),
    ...states,
    logger: loggerOf(call),
    _components: { invoke: refuseInvoke, invokeTrigger: refuseInvoke },
  };
}

function loggerOf(call: CallScope): Record<string, (...args: unknown[]) => void> {
  return Object.fromEntries(
    Object.entries(LOGGER_LEVELS).map(([name, severity]) => [
      name,
      (...args: unknown[]) => call.log(severity, formatLog(args)),
    ]),
  );
}

async function refuseInvoke(reference: unknown): Promise<never> {
  const { component } = (reference ?? {}) as { component?: { key?: unknown } };
  throw new Error(
    `Calling component "${String(component?.key)}" from the code of another is not supported yet.`,
  );
}
