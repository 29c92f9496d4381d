import type { Source } from './stream';

const CLOSED = 2;

interface Frame {
  id: string;
  event: string;
  data: unknown;
}

/** The part of WebSocket that is used; tests bring their own. */
export interface Socket {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  close(): void;
}

function socketUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** A WebSocket that looks like an EventSource which never tries again by itself. */
export class SocketSource implements Source {
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private readonly socket: Socket;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(path: string, open: (url: string) => Socket = (url) => new WebSocket(url) as Socket) {
    this.socket = open(socketUrl(path));
    this.socket.onopen = () => {
      this.readyState = 1;
      this.onopen?.();
    };
    this.socket.onclose = () => {
      this.readyState = CLOSED;
      this.onerror?.();
    };
    this.socket.onmessage = ({ data }) => this.receive(data);
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.readyState = CLOSED;
    this.socket.onopen = null;
    this.socket.onclose = null;
    this.socket.onmessage = null;
    this.socket.close();
  }

  private receive(text: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      // Passed on as it is: whoever reads it asks for a new snapshot.
      this.listeners.get('update')?.({ data: text, lastEventId: '' } as MessageEvent<string>);
      return;
    }
    const event = { data: JSON.stringify(frame.data), lastEventId: frame.id } as MessageEvent<string>;
    this.listeners.get(frame.event)?.(event);
  }
}
