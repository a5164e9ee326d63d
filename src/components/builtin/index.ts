import branch from './branch';
import changeDataFormat from './change-data-format';
import code from './code';
import collectionTools from './collection-tools';
import crossFlow from './cross-flow';
import csv from './csv';
import customHttp from './custom-http';
import datetime from './datetime';
import encryption from './encryption';
import hash from './hash';
import http from './http';
import liquidTemplate from './liquid-template';
import log from './log';
import loop from './loop';
import managementTriggers from './management-triggers';
import math from './math';
import messagepack from './messagepack';
import persistData from './persist-data';
import prismatic from './prismatic';
import recursiveFlow from './recursive-flow';
import scheduleTriggers from './schedule-triggers';
import sleep from './sleep';
import stopExecution from './stop-execution';
import textManipulation from './text-manipulation';
import webhookTriggers from './webhook-triggers';
import zip from './zip';

/** The components that ship with Tenon, as their default exports; all are public. */
export const builtins = [
  branch,
  changeDataFormat,
  code,
  collectionTools,
  crossFlow,
  csv,
  customHttp,
  datetime,
  encryption,
  hash,
  http,
  liquidTemplate,
  log,
  loop,
  managementTriggers,
  math,
  messagepack,
  persistData,
  prismatic,
  recursiveFlow,
  scheduleTriggers,
  sleep,
  stopExecution,
  textManipulation,
  webhookTriggers,
  zip,
];
