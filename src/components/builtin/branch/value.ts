import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { ELSE } from './expression';

/** Takes the branch whose value equals the input; both sides are compared as text. */
export const branchOnValue = action({
  display: { label: 'Branch on Value', description: 'Takes the branch that belongs to a value.' },
  allowsBranching: true,
  staticBranchNames: [ELSE],
  dynamicBranchInput: 'branchValueMappings',
  inputs: {
    inputValue: input({
      label: 'Input Value',
      type: 'data',
      required: true,
      comments: 'The value that decides; usually a config variable or the result of an earlier step.',
      clean: cleanText,
    }),
    branchValueMappings: input({
      label: { key: 'Branch', value: 'Value' },
      type: 'string',
      collection: 'keyvaluelist',
      required: true,
      comments: 'The branches, each with the value that it stands for.',
      clean: (value: unknown) => (Array.isArray(value) ? (value as { key: string; value: unknown }[]) : []),
    }),
  },
  perform: async (_context, { inputValue, branchValueMappings }) => {
    const match = branchValueMappings.find(({ value }) => cleanText(value) === inputValue);
    const branch = match?.key ?? ELSE;
    return { data: branch, branch };
  },
});
