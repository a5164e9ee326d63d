import type { DataFolder } from '../data-folder/data-folder';
import { ManagedProcess, type Supervision } from '../processes/managed-process';
import { DYNAMIC_CONFIG, SQLITE_PRAGMAS } from './temporal-settings';
import { servesNamespace, setUpTemporal } from './temporal-setup';

export interface TemporalStart {
  binary: string;
  folder: DataFolder;
  port: number;
  uiPort: number;
  /** Where the Web UI asks for payloads to be decrypted. */
  codecEndpoint: string | undefined;
  env: NodeJS.ProcessEnv;
}

/** The process of Temporal's development server with its Web UI; not started yet. */
export function temporalProcess(start: TemporalStart, supervision: Supervision): ManagedProcess {
  const { binary, folder, port, uiPort, codecEndpoint, env } = start;
  const address = `127.0.0.1:${port}`;
  let isSetUp = false;
  return new ManagedProcess(
    {
      name: 'Temporal',
      command: binary,
      args: [
        'server',
        'start-dev',
        '--ip',
        '127.0.0.1',
        '--port',
        String(port),
        '--ui-port',
        String(uiPort),
        ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
        '--db-filename',
        folder.temporalDb,
        '--log-level',
        'error',
        '--disable-config-file',
        '--disable-config-env',
        ...SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
        ...DYNAMIC_CONFIG.flatMap((setting) => ['--dynamic-config-value', setting]),
      ],
      env,
      logFile: `${folder.logs}/temporal.log`,
      async isReady() {
        if (!(await servesNamespace(address))) return false;
        if (!isSetUp) await setUpTemporal(address);
        isSetUp = true;
        return true;
      },
      readyTimeoutMs: 60_000,
      stopTimeoutMs: 10_000,
    },
    supervision,
  );
}
