import type { Connection } from './connection';
import type { Pulse } from './store';

export type Health = 'connecting' | 'live' | 'degraded' | 'polling' | 'reconnecting';

/** The one word for the connection: what the page is told, and how it is told it, put together. */
export function healthOf(connection: Connection, pulse: Pulse | null): Health {
  if (connection.via === 'connecting' || connection.via === 'reconnecting') return connection.via;
  if (pulse?.state === 'degraded') return 'degraded';
  return connection.via === 'polling' ? 'polling' : 'live';
}
