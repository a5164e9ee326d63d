import { openStore, type Store } from '../../src/store/store';
import type { Services } from './services';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

/** The address of a database through a proxy that can be cut. */
export async function throughProxy(address: string): Promise<{ proxy: TcpProxy; uri: string }> {
  const uri = new URL(address);
  const proxy = await startTcpProxy(uri.host);
  uri.host = proxy.address;
  uri.searchParams.delete('replicaSet');
  uri.searchParams.set('directConnection', 'true');
  return { proxy, uri: uri.href };
}

/** The services' database a second time, in a way that it can be taken away. */
export async function cuttableStore({ env }: Services): Promise<{ proxy: TcpProxy; store: Store }> {
  const { proxy, uri } = await throughProxy(env.TENON_MONGODB_URI.reveal());
  return { proxy, store: await openStore(uri) };
}
