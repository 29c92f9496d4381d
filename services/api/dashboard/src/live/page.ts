import { api } from '@/api/client';
import { ConnectionState } from './connection';
import { LiveMode, type Mode } from './mode';
import { pipelineSource } from './pipeline';
import { Polling } from './polling';
import { RateMeter } from './rate';
import { SocketSource } from './socket';
import { LiveStore } from './store';
import { LiveStream, type Source } from './stream';
import { watchQuiet } from './watchdog';

/** How often the API is asked how fast it answers. */
const PROBE_MS = 10_000;

/** One of each per page. */
export const store = new LiveStore();
export const connection = new ConnectionState();
export const rate = new RateMeter();

export const mode = new LiveMode();

const polling = new Polling(store, connection);
const stream = new LiveStream(store, connection, polling, (path) =>
  mode.get() === 'websocket'
    ? new SocketSource(path.replace('/api/v1/stream', '/api/v1/socket'))
    : (new EventSource(path) as Source),
);

/** Tries at once to have a stream, where one is wanted. */
export function retryNow(): void {
  if (mode.get() !== 'polling') stream.retryNow();
}

/** The numbers come that way from now on; what is on screen stays until they do. */
function follow(how: Mode): void {
  stream.stop();
  if (how === 'polling') polling.start(true);
  else stream.start();
}

/** Starts the live numbers; call the result to stop them. */
export function startLive(): () => void {
  follow(mode.get());
  const undeclare = pipelineSource.subscribe(() => {
    const info = pipelineSource.get();
    if (info.state === 'ready') mode.declare(info.pipeline.live ?? 'sse');
  });
  const probe = setInterval(() => {
    if (!document.hidden) void api.status().catch(() => undefined);
  }, PROBE_MS);
  const unfollow = mode.subscribe(() => follow(mode.get()));
  const unwatch = watchQuiet(store, connection, stream);
  const sample = setInterval(() => {
    const pulse = store.getPulse();
    if (pulse) rate.add(Date.now(), pulse.totals.events);
  }, 1_000);
  const wake = () => {
    if (!document.hidden) retryNow();
  };
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  return () => {
    removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wake);
    clearInterval(sample);
    unwatch();
    unfollow();
    undeclare();
    clearInterval(probe);
    stream.stop();
  };
}
