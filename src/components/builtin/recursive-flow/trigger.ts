import { input, type TriggerPayload, trigger, util } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { cursorState, isSet } from './cursor';

/**
 * Starts a run from a cursor: the one in the body of the request, or the default for a deployment, a schedule
 * or a request without one. The payload of the trigger always holds it at `body.data.cursor`.
 */
export const recursiveTrigger = trigger({
  display: {
    label: 'Recursive Trigger',
    description: 'Starts the flow with a cursor, sent by an earlier run of the flow.',
  },
  inputs: {
    defaultCursor: input({
      label: 'Default Cursor Value',
      type: 'string',
      required: true,
      comments: 'Where the first run begins: the cursor of runs that are sent none.',
      example: '1970-01-01T00:00:00Z',
      clean: cleanCursor,
    }),
    runOnDeploy: input({
      label: 'Run on Deploy',
      type: 'boolean',
      default: 'false',
      comments: 'Runs the flow after each deployment of the instance, with the default cursor.',
      clean: (value: unknown) => util.types.toBool(value),
    }),
  },
  scheduleSupport: 'valid',
  synchronousResponseSupport: 'valid',
  perform: async (_context, payload, { defaultCursor }) => {
    const sent = sentCursor(payload);
    const cursor = isSet(sent) ? sent : defaultCursor;
    const contentType = 'application/json';
    const body = isSet(sent) ? payload.body : { data: { cursor }, contentType };
    return { payload: { ...payload, body }, executionState: cursorState(cursor) };
  },
});

/** A default that is a reference keeps its type; text is what it is. */
function cleanCursor(value: unknown): unknown {
  return value instanceof Uint8Array ? cleanText(value) : value;
}

function sentCursor({ body }: TriggerPayload): unknown {
  const data = (body as { data?: unknown } | undefined)?.data;
  if (typeof data !== 'object' || data === null) return undefined;
  return Object.hasOwn(data, 'cursor') ? (data as { cursor?: unknown }).cursor : undefined;
}
