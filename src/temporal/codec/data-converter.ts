import type { DataConverter } from '@temporalio/common';
import type { Env } from '../../config/env';
import { createEncryptingCodec } from './encrypting-codec';

/**
 * How values become what Temporal stores; clients and workers must use the same. Everything is encrypted, and
 * errors keep their messages and stack traces in an encrypted part.
 */
export function createDataConverter(
  env: Pick<Env, 'TENON_ENCRYPTION_KEYS'>,
): DataConverter & { failureConverterPath: string } {
  return {
    payloadCodecs: [createEncryptingCodec(env.TENON_ENCRYPTION_KEYS.reveal())],
    failureConverterPath: FAILURE_CONVERTER_PATH,
  };
}

/** Needed where the workflows are bundled. */
export const FAILURE_CONVERTER_PATH = require.resolve('./failure-converter');
