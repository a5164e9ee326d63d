import { action, input } from '@prismatic-io/spectral';
import { cleanCount, cleanText } from '../clean-input';

/** What waits of one collection: items by their index, and the index that is due next. */
interface Waiting {
  next: number;
  items: Record<string, unknown>;
}

/** State of the runtime, kept for all flows of the instance until the collection is through. */
const keyOf = (id: string): string => `__processInOrder:${id}`;

const countOf = (label: string, comments: string) =>
  input({ label, type: 'string', required: true, comments, clean: cleanCount(label) });

/**
 * Releases items in the order of their index, whatever order they arrive in. Executions that run at the same time may
 * miss each other's items: the flow runs one at a time.
 */
export const processInOrder = action({
  display: {
    label: 'Process In Order',
    description: 'Holds items back until all before them are there, across executions.',
  },
  allowsBranching: true,
  staticBranchNames: ['Process', 'Skip'],
  inputs: {
    collectionId: input({
      label: 'Collection ID',
      type: 'string',
      required: true,
      comments: 'Names the items that belong together.',
      clean: cleanText,
    }),
    collectionLength: countOf('Collection Length', 'How many items there will be.'),
    item: input({ label: 'Item', type: 'data', required: true, comments: 'The item of this execution.' }),
    itemIndex: countOf('Item Index', 'Place of the item in the order, from 0.'),
  },
  perform: async (context, { collectionId, collectionLength, item, itemIndex }) => {
    if (collectionId === '') throw new Error('Collection ID is empty.');
    if (collectionLength === undefined || itemIndex === undefined || itemIndex >= collectionLength)
      throw new Error('Item Index must be a whole number from 0 to below Collection Length.');
    const key = keyOf(collectionId);
    const states: Record<string, unknown> = context.crossFlowState ?? {};
    const { next, items } = Object.hasOwn(states, key) ? (states[key] as Waiting) : { next: 0, items: {} };
    // It was released before: it has come twice.
    if (itemIndex < next) return { data: item, branch: 'Skip' };
    const waiting = new Map([...Object.entries(items), [String(itemIndex), item] as const]);
    const due: unknown[] = [];
    for (let at = next; waiting.has(String(at)); at += 1) {
      due.push(waiting.get(String(at)));
      waiting.delete(String(at));
    }
    const after = { next: next + due.length, items: Object.fromEntries(waiting) };
    const isThrough = after.next >= collectionLength;
    return {
      data: due.length > 0 ? due : item,
      branch: due.length > 0 ? 'Process' : 'Skip',
      crossFlowState: { [key]: isThrough ? undefined : after },
    };
  },
});
