import { ConnectionState } from './connection';
import { Polling } from './polling';
import { RateMeter } from './rate';
import { LiveStore } from './store';
import { LiveStream } from './stream';
import { watchQuiet } from './watchdog';

/** One of each per page. */
export const store = new LiveStore();
export const connection = new ConnectionState();
export const rate = new RateMeter();

const stream = new LiveStream(store, connection, new Polling(store, connection));

export const retryNow = stream.retryNow;

/** Starts the live numbers; call the result to stop them. */
export function startLive(): () => void {
  stream.start();
  const unwatch = watchQuiet(store, connection, stream);
  const sample = setInterval(() => {
    const pulse = store.getPulse();
    if (pulse) rate.add(Date.now(), pulse.totals.events);
  }, 1_000);
  const wake = () => {
    if (!document.hidden) stream.retryNow();
  };
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  return () => {
    removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wake);
    clearInterval(sample);
    unwatch();
    stream.stop();
  };
}
