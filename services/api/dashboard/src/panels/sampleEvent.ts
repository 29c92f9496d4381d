import type { Field, Metric, Stream } from '@/api/types';

type Json = string | number | boolean | Json[] | { [name: string]: Json };

function literalIn(field: string, rules: string[]): string | undefined {
  const path = field.replace(/[.[\]]/g, '\\$&');
  const equality = new RegExp(`(?<![\\w.])${path}\\s*==\\s*["']([^"']*)["']`);
  return rules.map((rule) => equality.exec(rule)?.[1]).find((literal) => literal !== undefined);
}

function sampleValue(field: Field, at: Date, rules: string[]): Json {
  const literal = field.enum?.[0] ?? literalIn(field.name, rules);
  if (literal !== undefined) return literal;
  const last = field.name.replace(/\[\]/g, '').split('.').at(-1) ?? field.name;
  switch (field.type) {
    case 'timestamp':
      return at.toISOString();
    case 'integer':
      return 1;
    case 'number':
      return 9.5;
    case 'boolean':
      return true;
    case 'object':
      return {};
    case 'array':
      return [];
    default:
      return /url|path/.test(last) ? '/welcome' : `${last}-1`;
  }
}

/** Puts a value at a path such as "user.id" or "items[].price". */
function put(target: { [name: string]: Json }, path: string[], value: Json): void {
  const [head, ...rest] = path as [string, ...string[]];
  const list = head.endsWith('[]');
  const name = list ? head.slice(0, -2) : head;
  if (rest.length === 0) {
    target[name] = list ? [value] : value;
    return;
  }
  const holder = (target[name] ?? (list ? [{}] : {})) as { [name: string]: Json } | { [name: string]: Json }[];
  target[name] = holder;
  put(Array.isArray(holder) ? (holder[0] as { [name: string]: Json }) : holder, rest, value);
}

/** An event with every required field, worded so that the metrics' conditions hold where they compare with a text. */
export function sampleEvent(stream: Stream, metrics: Metric[], at: Date): { [name: string]: Json } {
  const rules = metrics.flatMap((metric) => (metric.from === stream.name && metric.where ? [metric.where] : []));
  const event: { [name: string]: Json } = {};
  for (const field of stream.fields.filter((field) => field.required !== false)) {
    put(event, field.name.split('.'), sampleValue(field, at, rules));
  }
  return event;
}

/** The shell command that posts the event; a quote in it is closed, escaped and opened again. */
export function curlCommand(origin: string, stream: string, event: unknown): string {
  const body = JSON.stringify(event, null, 2).replaceAll("'", `'\\''`);
  const url = `${origin}/api/v1/streams/${encodeURIComponent(stream)}/events`;
  return `curl -X POST ${url} \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}
