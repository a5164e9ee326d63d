import branch from './branch';
import code from './code';
import http from './http';
import log from './log';
import loop from './loop';
import scheduleTriggers from './schedule-triggers';
import sleep from './sleep';
import stopExecution from './stop-execution';
import webhookTriggers from './webhook-triggers';

/** The components that ship with Tenon, as their default exports; all are public. */
export const builtins = [
  branch,
  code,
  http,
  log,
  loop,
  scheduleTriggers,
  sleep,
  stopExecution,
  webhookTriggers,
];
