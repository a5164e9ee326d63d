import { z } from 'zod';
import type { StepResultSummary } from '../../../services/executions/read/list-step-results';
import { id, time, timeText } from '../fields';

export const stepView = z
  .object({
    executionId: id,
    ordinal: z.int().describe('Order of finishing, from 0.'),
    path: z.string().describe('Where the step stands, iteration included; unique in the execution.'),
    key: z.string(),
    name: z.string(),
    isLoopStep: z.boolean(),
    fromPreprocessFlow: z.boolean().describe('Of the flow that decided where the delivery goes.'),
    loopPath: z.string().describe('`outer:3,inner:0` for iterations 3 and 0; empty outside loops.'),
    branch: z.string().nullable(),
    attempt: z.int(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    output: z.unknown().describe('The data, up to 32 KB; null if larger or none.'),
    outputBytes: z.int().nullable().describe('Its stored size; null for a step without one.'),
    outputUrl: z.string().nullable().describe('Where the whole output is; null for a step without one.'),
    startedAt: time,
    endedAt: time,
  })
  .meta({ id: 'StepResult' });

/** A step result with the part of its output that is shown inline. */
export function presentStep(step: StepResultSummary, output: unknown): z.input<typeof stepView> {
  const hasOutput = step.output != null || step.outputBlobId !== null;
  const at = step.path;
  return {
    executionId: step.executionId,
    ordinal: step.ordinal,
    path: at,
    key: step.stepKey,
    name: step.stepName,
    isLoopStep: step.isLoopStep,
    fromPreprocessFlow: step.fromPreprocessFlow,
    loopPath: step.loopPath,
    branch: step.branch,
    attempt: step.attempt,
    error: step.error && { code: step.error.code, message: step.error.message },
    output,
    outputBytes: hasOutput ? (step.outputBytes ?? null) : null,
    outputUrl: hasOutput ? outputUrlOf(step.executionId, at) : null,
    startedAt: timeText(step.startedAt),
    endedAt: timeText(step.endedAt),
  };
}

function outputUrlOf(executionId: string, path: string): string {
  return `/api/v1/executions/${executionId}/step-output?path=${encodeURIComponent(path)}`;
}
