import type { CallScope } from './call-scope';
import type { PerformRequest, RunStates, Severity } from './contract';
import { formatLog } from './format-log';
import type { NestedCalls } from './nested-calls';

const LOGGER_LEVELS = {
  metric: 'METRIC',
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const satisfies Record<string, Severity>;

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
  return {
    ...context,
    ...(stepResults === undefined ? {} : { stepResults }),
    ...states,
    logger,
    ...(nested === undefined ? {} : { _components: nested }),
  };
}

function loggerOf(call: CallScope): Record<string, (...args: unknown[]) => void> {
  const levels = Object.entries(LOGGER_LEVELS).map(([name, severity]) => [
    name,
    (...args: unknown[]) => call.log(severity, formatLog(args)),
  ]);
  return { ...Object.fromEntries(levels), ...sectionsOf(call) };
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
