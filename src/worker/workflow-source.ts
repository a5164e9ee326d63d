import { join } from 'node:path';
import { FAILURE_CONVERTER_PATH } from '../temporal/codec/data-converter';

const workflowsPath = require.resolve('../workflows');

/** How the workflows are bundled. */
export const BUNDLE = {
  workflowsPath,
  /** A thread loads these once instead of for each workflow: they keep nothing of one. */
  preloadModules: ['@temporalio/workflow', workflowsPath],
  failureConverterPath: FAILURE_CONVERTER_PATH,
};

/** Where the build puts what it bundled. */
export const BUNDLE_PATH = join(__dirname, '..', 'workflow-bundle.js');
