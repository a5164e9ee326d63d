import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expressMessages } from '../../../src/api/express-messages';

describe('messages of an Express app', () => {
  let server: Server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('have the app’s prototypes before it sees them, and serve it as any others do', async () => {
    const app = express();
    app.get('/where/:place', (req, res) => {
      res.json({ place: req.params.place, agent: req.get('user-agent'), isApps: req.app === app });
    });
    const messages = expressMessages();
    const serve = messages.serve(app);
    const seen: object[] = [];
    server = createServer(messages, (req: IncomingMessage, res: ServerResponse) => {
      seen.push(Object.getPrototypeOf(req) as object, Object.getPrototypeOf(res) as object);
      serve(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const response = await fetch(`http://127.0.0.1:${port}/where/here`, {
      headers: { 'user-agent': 'test' },
    });

    expect(await response.json()).toEqual({ place: 'here', agent: 'test', isApps: true });
    expect(seen[0]).toBe(app.request);
    expect(seen[1]).toBe(app.response);
  });
});
