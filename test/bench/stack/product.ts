import { join } from 'node:path';
import { apiProcess, appEnvironment, workerProcess } from '../../../src/dev/app-processes';
import { choosePorts } from '../../../src/dev/data-folder/ports';
import { keepSecrets } from '../../../src/dev/data-folder/secrets';
import { parseOptions } from '../../../src/dev/options';
import { type Services, startServices } from '../../support/services';
import type { Stack } from './stack';

/** An API and a worker from `dist`, and the services to set up what they run. */
export interface Product {
  services: Services;
  stop(): Promise<void>;
}

const CHECKOUT = join(__dirname, '..', '..', '..');

/** Starts both as `npm start` does: with the settings of this environment, else the defaults. */
export async function startProduct({ folder, servers, supervision }: Stack): Promise<Product> {
  const ports = await choosePorts(folder.ports, [{ name: 'api', label: 'the API', variable: 'TENON_PORT' }]);
  const options = parseOptions(['--port', String(ports.get('api'))], {}, CHECKOUT);
  const { TENON_MONGODB_URI: _, TENON_TEMPORAL_ADDRESS: __, ...given } = process.env;
  const env = appEnvironment(given, options, servers, keepSecrets(folder.secrets));
  // The tests' way to open the services wants to know where the test run's servers are.
  process.env['TENON_TEST_MONGODB_URI'] = servers.mongodbUri('tenon');
  process.env['TENON_TEST_TEMPORAL_ADDRESS'] = servers.temporalAddress;
  const services = await startServices(env as Record<string, string>);
  const app = { dist: join(CHECKOUT, 'dist'), folder, options, env };
  const processes = [apiProcess(app, supervision), workerProcess(app, supervision)];
  const stop = async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await services.stop();
  };
  try {
    await Promise.all(processes.map((each) => each.start()));
    return { services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
