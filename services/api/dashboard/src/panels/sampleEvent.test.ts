import { describe, expect, it } from 'vitest';
import type { Field, Metric } from '@/api/types';
import { curlCommand, sampleEvent } from './sampleEvent';

const AT = new Date('2026-01-02T03:04:05Z');

function sample(fields: Field[], ...where: string[]) {
  const metrics = where.map((rule) => ({ from: 'events', where: rule }) as Metric);
  return sampleEvent({ name: 'events', topic: 'events', fields }, metrics, AT);
}

describe('the sample event', () => {
  it('has every required field, of its type', () => {
    expect(
      sample([
        { name: 'at', type: 'timestamp', required: true },
        { name: 'user_id', type: 'string', required: true },
        { name: 'page_url', type: 'string', required: true },
        { name: 'amount', type: 'number', required: true },
        { name: 'quantity', type: 'integer', required: true },
        { name: 'paid', type: 'boolean', required: true },
        { name: 'note', type: 'string', required: false },
      ]),
    ).toEqual({ at: '2026-01-02T03:04:05.000Z', user_id: 'user_id-1', page_url: '/welcome', amount: 9.5, quantity: 1, paid: true });
  });

  it('nests what lies at a path', () => {
    const field = (name: string): Field => ({ name, type: 'string', required: true });
    expect(sample([field('user.id'), field('items[].sku'), field('items[].colour'), field('tags[]')])).toEqual({
      user: { id: 'id-1' },
      items: [{ sku: 'sku-1', colour: 'colour-1' }],
      tags: ['tags-1'],
    });
  });

  it('takes a listed value, or one that a metric asks for', () => {
    expect(sample([{ name: 'kind', type: 'string', enum: ['a', 'b'] }])).toEqual({ kind: 'a' });
    expect(sample([{ name: 'event_type', type: 'string' }], 'page != "x" && event_type == "page_view"')).toEqual({ event_type: 'page_view' });
    expect(sample([{ name: 'type', type: 'string' }], 'event_type == "page_view"')).toEqual({ type: 'type-1' });
  });

  it('is quoted for the shell', () => {
    expect(curlCommand('http://h', 'my events', { a: "it's" })).toContain(`'{\n  "a": "it'\\''s"\n}'`);
    expect(curlCommand('http://h', 'my events', {})).toContain('http://h/api/v1/streams/my%20events/events');
  });
});
