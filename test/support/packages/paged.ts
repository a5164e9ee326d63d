import { batchTrigger, component, input } from '@prismatic-io/spectral';

interface PageAnswer {
  items: unknown[];
  next?: number;
  /** Makes the cursor large. */
  pad?: string;
}

/** Fetches pages from a server of the test, which counts how often each is asked for. */
const fetchPage = async (url: unknown, page: number): Promise<PageAnswer> => {
  const answer = await fetch(`${String(url)}/page/${page}`);
  if (!answer.ok) throw new Error(`Page ${page} was answered with ${answer.status}.`);
  return (await answer.json()) as PageAnswer;
};

const display = (label: string) => ({ label, description: label });
const url = input({ label: 'URL', type: 'string', required: true });

export default component({
  key: 'paged',
  public: false,
  display: { ...display('Paged'), iconPath: 'icon.png' },
  actions: {},
  connections: [],
  triggers: {
    pages: batchTrigger({
      display: display('Pages'),
      scheduleSupport: 'valid',
      inputs: { url },
      batchConfig: { batchSize: 3, concurrentBatchLimit: 2 },
      perform: async (context, payload, params) => {
        const cursor = payload.paginationState as { page: number } | undefined;
        const { items, next, pad } = await fetchPage(params['url'], cursor?.page ?? 0);
        const seen = Number(context.polling.getState()['seen'] ?? 0);
        context.polling.setState({ seen: seen + items.length });
        return { items, paginationState: next === undefined ? null : { page: next, pad } };
      },
      onDeploy: {
        inputs: {},
        perform: async (_context, payload, params) => {
          const cursor = payload.paginationState as { page: number } | undefined;
          const { items, next } = await fetchPage(`${String(params['url'])}/all`, cursor?.page ?? 0);
          return { items, paginationState: next === undefined ? null : { page: next } };
        },
      },
    }),
  },
});
