import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Express } from 'express';

/** What Node.js makes of each request to a server, and of its answer: options of `createServer`. */
export interface ExpressMessages {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
  /** Gives them what the app gives to its requests and answers, and the listener that has the app serve them. */
  serve: (app: Express) => RequestListener;
}

/**
 * Messages that are born with an app's prototypes. Express sets them on each request as it comes; where that changes
 * something, V8 finds every property anew from then on, which takes two thirds of a small request's processor time.
 */
export function expressMessages(): ExpressMessages {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse<AppRequest> {}
  const serve = (app: Express): RequestListener => {
    app.request = Object.setPrototypeOf(AppRequest.prototype, app.request) as Express['request'];
    app.response = Object.setPrototypeOf(AppResponse.prototype, app.response) as Express['response'];
    return app;
  };
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse as typeof ServerResponse, serve };
}
