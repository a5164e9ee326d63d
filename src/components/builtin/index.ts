import branch from './branch';
import changeDataFormat from './change-data-format';
import code from './code';
import crossFlow from './cross-flow';
import csv from './csv';
import customHttp from './custom-http';
import http from './http';
import liquidTemplate from './liquid-template';
import log from './log';
import loop from './loop';
import managementTriggers from './management-triggers';
import messagepack from './messagepack';
import persistData from './persist-data';
import prismatic from './prismatic';
import recursiveFlow from './recursive-flow';
import scheduleTriggers from './schedule-triggers';
import sleep from './sleep';
import stopExecution from './stop-execution';
import webhookTriggers from './webhook-triggers';
import zip from './zip';

/** The components that ship with Tenon, as their default exports; all are public. */
export const builtins = [
  branch,
  changeDataFormat,
  code,
  crossFlow,
  csv,
  customHttp,
  http,
  liquidTemplate,
  log,
  loop,
  managementTriggers,
  messagepack,
  persistData,
  prismatic,
  recursiveFlow,
  scheduleTriggers,
  sleep,
  stopExecution,
  webhookTriggers,
  zip,
];
