import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** How long a start, a signal or a look may take before Temporal counts as away, ms. */
const DEADLINE_MS = 3000;
/** Calls that somebody waits for. */
const AWAITED = new Set([
  'StartWorkflowExecution',
  'SignalWithStartWorkflowExecution',
  'DescribeWorkflowExecution',
]);

/**
 * Connects lazily: Tenon starts while Temporal is away, and finds it when it comes. The SDK would keep deadlines and
 * metadata along everything asynchronous that a call is part of, for which Node.js calls async hooks at each promise of
 * the process from then on. Here calls that somebody waits for have a deadline by themselves, and `withDeadline` gives one to
 * what its function calls at once.
 */
export function openConnection(address: string, namespace: string): Connection {
  let given: number | Date | undefined;
  const withDeadline: Interceptor = (options, nextCall) => {
    const isAwaited = AWAITED.has(options.method_definition.path.split('/').at(-1) ?? '');
    const deadline = given ?? (isAwaited ? Date.now() + DEADLINE_MS : undefined);
    const call = nextCall(deadline === undefined ? options : { ...options, deadline });
    // Interceptors are typed to wrap the call; one that changes its options alone need not.
    return call as ReturnType<Interceptor>;
  };
  let isClosed = false;
  // Calls are repeated by a timer, in which a closed channel would throw where nobody catches it.
  const notAfterClose: Interceptor = (options, nextCall) =>
    (isClosed ? endedCall() : nextCall(options)) as ReturnType<Interceptor>;
  const connection = Connection.lazy({
    address,
    metadata: { 'temporal-namespace': namespace },
    // Tries again within the deadline.
    interceptors: [withDeadline, makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), notAfterClose],
  });
  const close = connection.close.bind(connection);
  connection.close = () => {
    isClosed = true;
    return close();
  };
  connection.withMetadata = (_metadata, call) => call();
  connection.withDeadline = (deadline, call) => {
    given = deadline;
    try {
      return call();
    } finally {
      given = undefined;
    }
  };
  return connection;
}

/** Of gRPC. */
const CANCELLED = 1;

/** What hears of a call; as with a call of gRPC's own, its status comes behind a message, empty where it failed. */
interface Listener {
  onReceiveMessage?: (message: unknown) => void;
  onReceiveStatus?: (status: object) => void;
}

/** A call that ends as cancelled as soon as it begins, be it the first try or a further one. */
const endedCall = () => ({
  start(metadata: unknown, listener?: Listener) {
    const status = { code: CANCELLED, details: 'The connection is closed.', metadata };
    setImmediate(() => {
      listener?.onReceiveMessage?.(null);
      listener?.onReceiveStatus?.(status);
    });
  },
  sendMessage: () => undefined,
  sendMessageWithContext: () => undefined,
  startRead: () => undefined,
  halfClose: () => undefined,
  cancelWithStatus: () => undefined,
  getPeer: () => '',
});
