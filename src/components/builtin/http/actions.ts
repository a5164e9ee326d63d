import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { toFormBody, toRequestBody } from './body';
import { data, formInputs, requestInputs } from './inputs';
import { sendRequest } from './request';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const methodInput = (label: string, initial: string, methods: string[]) =>
  input({
    label,
    type: 'string',
    required: true,
    default: initial,
    model: methods.map((method) => ({ label: method, value: method })),
    clean: (value: unknown) => cleanMethod(label, cleanText(value) || initial, methods),
  });

function cleanMethod(label: string, value: string, methods: string[]): string {
  const method = value.trim().toUpperCase();
  if (methods.some((name) => name.toUpperCase() === method)) return method;
  throw new Error(`${label} must be one of ${methods.join(', ')}, got "${value}".`);
}

/** An action of a method that sends no body. */
export const withoutBody = (method: string) =>
  action({
    display: { label: `${method} Request`, description: `Sends an HTTP ${method} request.` },
    inputs: requestInputs,
    perform: (context, params) => sendRequest(context, method, params),
  });

/** An action of a method that sends a body. */
export const withBody = (method: string) =>
  action({
    display: { label: `${method} Request`, description: `Sends an HTTP ${method} request with a body.` },
    inputs: { ...requestInputs, data },
    perform: (context, { data: body, ...params }) =>
      sendRequest(context, method, params, toRequestBody(body)),
  });

/** Gives the headers of the answer, since it has no body. */
export const httpHead = action({
  display: {
    label: 'HEAD Request',
    description: 'Sends an HTTP HEAD request and gives the headers of the answer.',
  },
  inputs: requestInputs,
  perform: async (context, params) => {
    const full = await sendRequest(context, 'HEAD', {
      ...params,
      responseType: 'text',
      includeFullResponse: true,
    });
    return params.includeFullResponse ? full : { data: (full.data as { headers: unknown }).headers };
  },
});

export const httpRequest = action({
  display: { label: 'HTTP Request', description: 'Sends an HTTP request of any method.' },
  inputs: { ...requestInputs, method: methodInput('HTTP Method', 'GET', METHODS), data },
  perform: (context, { method, data: body, ...params }) =>
    sendRequest(context, method, params, toRequestBody(body)),
});

export const httpPostFormData = action({
  display: {
    label: 'POST/PUT Form Data Request',
    description: 'Sends fields and files as multipart/form-data.',
  },
  inputs: {
    ...requestInputs,
    httpMethod: methodInput('HTTP Method', 'post', ['post', 'put']),
    ...formInputs,
  },
  perform: (context, { httpMethod, formData, fileData, fileDataFileNames, ...params }) =>
    sendRequest(context, httpMethod, params, toFormBody(formData, fileData, fileDataFileNames)),
});
