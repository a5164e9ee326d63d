import type { StoredAnswerView } from './accept-delivery';

/** What a caller gets when the flow says nothing: 200 with the execution's id. */
export const DEFAULT_ANSWER: StoredAnswerView = { statusCode: 200, contentType: '', headers: {}, body: null };
