import type { mongo } from 'mongoose';
import type { Store } from './store';

/**
 * Calls `listener` when the server that took the writes is gone or takes none any more: what it acknowledged without
 * having it safe may be lost. Answers what ends that.
 */
export function onPrimaryLost({ connection }: Pick<Store, 'connection'>, listener: () => void): () => void {
  const client = connection.getClient();
  const onChange = ({ previousDescription, newDescription }: mongo.ServerDescriptionChangedEvent) => {
    if (previousDescription.isWritable && !newDescription.isWritable) listener();
  };
  client.on('serverDescriptionChanged', onChange);
  return () => client.off('serverDescriptionChanged', onChange);
}
