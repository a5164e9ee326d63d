import type { RequestHandler } from 'express';
import type { Deps } from '../../services/context';
import type { Boarded, BoardingCall } from '../../services/executions/accept/origin-push';
import { gathererOf } from '../../services/executions/start/gatherer-of';
import { saidIn } from './signed-body';

/** Tells workers who goes along with a batch that has begun. Whoever the answer does not reach waits for another one. */
export function boardWaiting(deps: Deps): RequestHandler {
  return async (req, res) => {
    const gatherer = gathererOf(deps);
    const travellers = await gatherer.board(saidIn<BoardingCall>(req));
    res.once('close', () => {
      if (!res.writableFinished) gatherer.leftBehind(travellers);
      else for (const traveller of travellers) traveller.started();
    });
    const boarded: Boarded = { executionIds: travellers.map(({ execution }) => execution._id) };
    // Nobody may go along with a batch whose worker is gone.
    if (res.closed) gatherer.leftBehind(travellers);
    else res.json(boarded);
  };
}
