import { action, input, type KeyValuePair } from '@prismatic-io/spectral';
import type { ConditionalExpression } from '@prismatic-io/spectral/dist/conditionalLogic';
import { evaluate } from '@prismatic-io/spectral/dist/conditionalLogic';

/** The branch that runs when no other is chosen. */
export const ELSE = 'Else';

type NamedCondition = KeyValuePair<ConditionalExpression>;

function isTrue({ key, value }: NamedCondition): boolean {
  try {
    return evaluate(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The condition of branch "${key}" cannot be evaluated: ${reason}`);
  }
}

/** Takes the branch of the first expression that is true. */
export const branchOnExpression = action({
  display: { label: 'Branch on Expression', description: 'Takes the first branch whose condition holds.' },
  allowsBranching: true,
  staticBranchNames: [ELSE],
  dynamicBranchInput: 'conditions',
  inputs: {
    conditions: input({
      label: 'Conditions',
      type: 'conditional',
      collection: 'keyvaluelist',
      required: true,
      comments: 'One expression for each branch, tried in order.',
    }),
  },
  perform: async (_context, { conditions }) => {
    // A definition without conditions arrives as an empty text.
    const branch = (Array.isArray(conditions) ? conditions : []).find(isTrue)?.key ?? ELSE;
    return { data: branch, branch };
  },
});
