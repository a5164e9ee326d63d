import type { CallScope } from './call-scope';
import type { PerformRequest, RunStates, Severity } from './contract';
import { formatLog } from './format-log';
import type { NestedCalls } from './nested-calls';

/** What a data source gets of it. Source: the SDK's type of its context. */
const OF_DATA_SOURCES = ['configVars', 'customer', 'instance', 'user'];

/** The context that a component gets: the given data with live state objects and the functions of the contract; `nested`: how it calls other components. */
export function actionContext(
  request: PerformRequest,
  states: RunStates,
  call: CallScope,
  nested?: NestedCalls,
): Record<string, unknown> {
  const { context, stepResults, kind } = request;
  const logger = loggerOf(call);
  if (kind === 'dataSource')
    return { logger, ...Object.fromEntries(OF_DATA_SOURCES.map((name) => [name, context[name]])) };
  // Spread first and alone: that is a copy at once, where a further one goes key by key. It is made for each call, and
  // that of a run has a place for each key from the beginning: see the worker's `actionContext`.
  const own: Record<string, unknown> = { ...context };
  if (stepResults !== undefined) own['stepResults'] = stepResults;
  if (nested !== undefined) own['_components'] = nested;
  own['logger'] = logger;
  return Object.assign(own, states);
}

function loggerOf(call: CallScope): Record<string, (...args: unknown[]) => void> {
  const line =
    (severity: Severity) =>
    (...args: unknown[]): void =>
      call.log(severity, formatLog(args));
  return {
    metric: line('METRIC'),
    trace: line('TRACE'),
    debug: line('DEBUG'),
    info: line('INFO'),
    log: line('INFO'),
    warn: line('WARN'),
    error: line('ERROR'),
    ...sectionsOf(call),
  };
}

/** Sections of the log, as lines that say where they begin and end. They do not nest. Source: the SDK's types. */
function sectionsOf(call: CallScope): Record<string, (...args: unknown[]) => void> {
  let open: string | undefined;
  const end = (data?: unknown): void => {
    if (open === undefined) return;
    call.log('INFO', `Section ends: ${open}${data === undefined ? '' : ` ${formatLog([data])}`}`);
    open = undefined;
  };
  return {
    section: (label) => {
      end();
      open = formatLog([label]);
      call.log('INFO', `Section: ${open}`);
    },
    sectionEnd: (ended) => {
      const { label, data } = (typeof ended === 'object' && ended !== null ? ended : { label: ended }) as {
        label?: unknown;
        data?: unknown;
      };
      if (open !== undefined && formatLog([label]) === open) end(data);
    },
  };
}
