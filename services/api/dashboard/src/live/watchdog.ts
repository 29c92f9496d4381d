import { api } from '@/api/client';
import type { ConnectionState } from './connection';
import type { LiveStore } from './store';
import type { LiveStream } from './stream';

const EVERY_MS = 15_000;
const QUIET_MS = 30_000;

/**
 * A stream may look open and be dead, as after a laptop slept. When it was quiet for long, the API is asked
 * whether there was really nothing to say.
 */
export function watchQuiet(store: LiveStore, connection: ConnectionState, stream: LiveStream): () => void {
  const timer = setInterval(async () => {
    const pulse = store.getPulse();
    if (document.hidden || connection.get().via !== 'stream' || !pulse) return;
    if (Date.now() - pulse.receivedAt < QUIET_MS) return;
    const missedSomething = await api.status().then(
      (status) => status.totals.events !== pulse.totals.events || status.state !== pulse.state,
      () => true,
    );
    if (missedSomething && store.getPulse() === pulse) stream.reconnect();
  }, EVERY_MS);
  return () => clearInterval(timer);
}
