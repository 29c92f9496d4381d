import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Socket, SocketSource } from './socket';

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  close = vi.fn();
}

describe('a WebSocket as a source', () => {
  let socket: FakeSocket;
  let url = '';

  beforeEach(() => {
    vi.stubGlobal('location', { href: 'https://shop.example.org/dashboard/' });
    socket = new FakeSocket();
  });

  const open = () =>
    new SocketSource('/api/v1/socket?lastEventId=b-1', (asked) => {
      url = asked;
      return socket;
    });

  it('goes where the page came from', () => {
    open();
    expect(url).toBe('wss://shop.example.org/api/v1/socket?lastEventId=b-1');
  });

  it('brings events by their names, with their ids', () => {
    const source = open();
    const snapshot = vi.fn();
    source.addEventListener('snapshot', snapshot);
    socket.onopen?.();
    expect(source.readyState).toBe(1);
    socket.onmessage?.({ data: '{"id":"b-2","event":"snapshot","data":{"at":"now"}}' });
    expect(snapshot).toHaveBeenCalledWith({ data: '{"at":"now"}', lastEventId: 'b-2' });
  });

  it('has given up when the connection is closed', () => {
    const source = open();
    const failed = vi.fn();
    source.onerror = failed;
    socket.onclose?.();
    expect(source.readyState).toBe(2);
    expect(failed).toHaveBeenCalledOnce();
  });

  it('passes on what cannot be read', () => {
    const source = open();
    const update = vi.fn();
    source.addEventListener('update', update);
    socket.onmessage?.({ data: '{"cut' });
    expect(update).toHaveBeenCalledWith({ data: '{"cut', lastEventId: '' });
  });

  it('says nothing any more once it is closed', () => {
    const source = open();
    const close = socket.onclose;
    source.onerror = vi.fn();
    source.close();
    expect(socket.close).toHaveBeenCalled();
    expect(close).not.toBeNull();
    expect(socket.onclose).toBeNull();
  });
});
