import { action, component, input } from '@prismatic-io/spectral';
import { cleanCount, cleanPairs, cleanText, isBinary } from '../clean-input';

const JSON_TYPE = 'application/json';

const stopExecution = action({
  display: { label: 'Stop Execution', description: 'Ends the execution successfully, here and now.' },
  terminateExecution: true,
  inputs: {
    statusCode: input({
      label: 'HTTP Status Code',
      type: 'string',
      default: '200',
      comments: 'Status of the answer to a synchronous call.',
      clean: cleanCount('HTTP Status Code'),
    }),
    jsonBody: input({
      label: 'Response Body',
      type: 'code',
      language: 'json',
      comments: 'Body of the answer to a synchronous call.',
    }),
    contentType: input({
      label: 'Response Content Type',
      type: 'string',
      default: JSON_TYPE,
      comments: 'Content type of the answer to a synchronous call.',
      clean: (value: unknown) => cleanText(value) || JSON_TYPE,
    }),
    headers: input({
      label: 'HTTP Headers',
      type: 'string',
      collection: 'keyvaluelist',
      comments: 'Further headers of the answer to a synchronous call.',
      clean: cleanPairs,
    }),
  },
  perform: async (_context, { statusCode, jsonBody, contentType, headers }) => {
    // A file is answered as it is, under its own type unless the author names another than the default.
    const file: unknown = jsonBody;
    const isFile = isBinary(file);
    return {
      statusCode: statusCode ?? 200,
      contentType:
        isFile && contentType === JSON_TYPE ? (file.contentType ?? 'application/octet-stream') : contentType,
      headers,
      data: isFile ? file.data : file,
    };
  },
});

export default component({
  key: 'stop-execution',
  display: {
    label: 'Stop Execution',
    description: 'Ends an execution before its last step.',
    category: 'Logic',
    iconPath: '',
  },
  actions: { stopExecution },
});
