import { baseTypes } from './base';
import { componentTypes } from './components';
import { connectionTemplateTypes } from './connection-templates';
import { dataSourceTypes } from './data-sources';
import { executionTypes } from './executions';
import { instanceInputs } from './instance-inputs';
import { instanceProfileTypes } from './instance-profiles';
import { instanceTypes } from './instances';
import { integrationTypes } from './integrations';
import { onPremiseTypes } from './on-premise';
import { peopleTypes } from './people';
import { rootTypes } from './roots';
import { sharedConnectionTypes } from './shared-connections';
import { userConfigTypes } from './user-configs';

/** The whole SDL. Names follow what the `prism` command line and its users already query. */
export const typeDefs = [
  rootTypes,
  baseTypes,
  peopleTypes,
  componentTypes,
  integrationTypes,
  instanceTypes,
  instanceInputs,
  instanceProfileTypes,
  userConfigTypes,
  dataSourceTypes,
  connectionTemplateTypes,
  sharedConnectionTypes,
  onPremiseTypes,
  executionTypes,
].join('\n');
