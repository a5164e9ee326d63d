import type { RequestListener } from 'node:http';
import { notReady } from '../services/health/not-ready';
import { sendPlainProblem } from './plain-problem';

/**
 * What the doors answer once the process was asked to stop: it is not ready any more, so that callers are sent
 * elsewhere; whoever comes nevertheless is served, on a connection that ends with the answer.
 */
export function whileStopping(handler: RequestListener): RequestListener {
  return (req, res) => {
    res.setHeader('Connection', 'close');
    if (req.url?.split('?')[0] !== '/api/v1/health/ready') {
      handler(req, res);
      return;
    }
    req.resume();
    sendPlainProblem(res, notReady({ process: 'stopping' }));
  };
}
