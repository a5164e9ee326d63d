import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '../temporal/codec/data-converter';

const workflowsPath = require.resolve('../workflows');

/** How the workflows are bundled. */
export const BUNDLE = {
  workflowsPath,
  /** A thread loads these once instead of for each workflow: they keep nothing of one. */
  preloadModules: ['@temporalio/workflow', workflowsPath],
  failureConverterPath: FAILURE_CONVERTER_PATH,
};

/** The bundle that the build made; without a build (tests) the sources are bundled now. */
export function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'bundlerOptions'> {
  const codePath = join(__dirname, '..', 'workflow-bundle.js');
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  return { workflowsPath, bundlerOptions: { preloadModules: BUNDLE.preloadModules } };
}
