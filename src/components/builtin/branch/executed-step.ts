import { action, input } from '@prismatic-io/spectral';

/** Gives the result of whichever of several steps ran, for use behind branches. */
export const selectExecutedStepResult = action({
  display: {
    label: 'Select Executed Step Result',
    description: 'Gives the first of several step results that is there.',
  },
  inputs: {
    stepResults: input({
      label: 'Step Result',
      type: 'data',
      collection: 'valuelist',
      required: true,
      comments: 'References to the results of steps in different branches.',
      clean: (value: unknown): unknown[] => (Array.isArray(value) ? value : []),
    }),
  },
  // A step that did not run leaves nothing; one that ran may have given null.
  perform: async (_context, { stepResults }) => ({
    data: stepResults.find((result) => result !== undefined),
  }),
});
