import { seeded, zipf } from './random.mjs';

const string = (name, required = true) => ({ name, type: 'string', required });

const PAGES = [
  '/', '/pricing', '/docs/getting-started', '/blog/exactly-once-in-practice', '/docs/metrics', '/login', '/signup',
  '/docs/windows-and-lateness', '/changelog', '/customers', '/docs/kubernetes/install', '/blog/why-we-left-batch',
  '/about', '/careers', '/contact', '/docs/api/rest', '/docs/api/streaming', '/status', '/legal/privacy', '/partners',
  ...Array.from({ length: 60 }, (_, i) => `/products/item-${1000 + i * 7}?ref=newsletter&campaign=autumn-${i % 5}`),
];

function clickstream(random) {
  const page = zipf(random, PAGES, 1.05);
  const type = zipf(random, ['page_view', 'click', 'purchase'], 1.6);
  const user = zipf(random, Array.from({ length: 4_000 }, (_, i) => `user-${1000 + ((i * 7919) % 8999)}`), 0.5);
  return {
    name: 'clickstream',
    title: 'Clickstream',
    clock: 'wall',
    fields: [{ name: 'timestamp', type: 'timestamp', required: true },
      ...['user_id', 'event_type', 'page_url', 'session_id'].map((name) => string(name)), string('referrer', false)],
    metrics: [
      { name: 'active_users', title: 'Active users', measure: 'unique', of: 'user_id', windows: ['5m'] },
      { name: 'page_views', title: 'Page views', measure: 'count', by: ['page_url'], windows: ['15m', '1h'],
        where: 'event_type == "page_view"', test: (e) => e.event_type === 'page_view' },
      { name: 'active_sessions', title: 'Active sessions', measure: 'unique', of: 'session_id', by: ['user_id'], windows: ['5m'] },
    ],
    next: (at) => {
      const user_id = user();
      return {
        timestamp: at.toISOString(), user_id, event_type: type(), page_url: page(),
        session_id: `${user_id}-s${Math.floor(random() ** 2 * 14)}`,
      };
    },
  };
}

function orders(random) {
  const product = zipf(random, ['Espresso beans 1 kg', 'Filter papers', 'Hand grinder', 'Kettle', 'Scale', 'Mug', 'Dripper'], 0.8);
  const country = zipf(random, ['DE', 'NL', 'AT', 'FR', null, 'IT'], 0.9);
  return {
    name: 'orders',
    title: 'Web shop orders',
    clock: 'wall',
    fields: [{ name: 'at', type: 'timestamp', required: true }, string('product'), string('country', false),
      { name: 'amount', type: 'number', required: true }, { name: 'payload', type: 'integer', required: true }],
    metrics: [
      { name: 'orders', title: 'Orders', measure: 'count', windows: ['1m', '1h', '1d', 'all'] },
      { name: 'revenue', title: 'Revenue', measure: 'sum', of: 'amount', unit: 'USD', windows: ['1h', '1d', 'all'] },
      { name: 'traffic', title: 'Traffic', measure: 'sum', of: 'payload', unit: 'bytes', windows: ['1h', 'all'] },
      { name: 'buyers', title: 'Countries', measure: 'unique', of: 'country', windows: ['1h'] },
      { name: 'revenue_by_product', title: 'Revenue by product', measure: 'sum', of: 'amount', unit: 'USD', by: ['product'], windows: ['1h', '1d', 'all'] },
      { name: 'orders_by_country', title: 'Orders by country and product', measure: 'count', by: ['country', 'product'], windows: ['1h', '1d'] },
      { name: 'traffic_by_country', title: 'Traffic by country', measure: 'sum', of: 'payload', unit: 'bytes', by: ['country'], windows: ['1h'] },
    ],
    next: (at) => ({
      at: at.toISOString(), product: product(), country: country() ?? undefined,
      amount: Math.round((4 + random() ** 3 * 240) * 100) / 100, payload: Math.floor(400 + random() ** 4 * 90_000),
    }),
  };
}

/** Old requests played again: the pipeline's clock is the event time, years back. */
function weblog(random) {
  const path = zipf(random, ['/index.html', '/favicon.ico', '/style.css', '/images/logo.png', '/feed.xml', '/robots.txt', '/articles/dynamic-dns/', '/projects/xdotool/', '/blog/tags/puppet?flav=rss20', '/presentations/monitoring.html'], 0.7);
  const status = zipf(random, ['200', '304', '404', '301', '500'], 2);
  return {
    name: 'weblog',
    title: 'Web server log',
    clock: 'event',
    clockOffsetMs: Date.UTC(2015, 4, 17, 10, 5) - Date.now(),
    fields: [{ name: 'time', type: 'timestamp', required: true }, string('path'), string('status'), { name: 'bytes', type: 'integer', required: true }],
    metrics: [
      { name: 'requests', title: 'Requests', measure: 'count', windows: ['5m', '1h', 'all'] },
      { name: 'bytes_sent', title: 'Bytes sent', measure: 'sum', of: 'bytes', unit: 'bytes', windows: ['1h', 'all'] },
      { name: 'by_path', title: 'Pages', measure: 'count', by: ['path'], windows: ['1h', 'all'] },
      { name: 'by_status', title: 'Answers', measure: 'count', by: ['status'], windows: ['1h', 'all'] },
    ],
    next: (at) => ({ time: at.toISOString(), path: path(), status: status(), bytes: Math.floor(200 + random() ** 5 * 400_000) }),
  };
}

const SCENARIOS = { clickstream, orders, weblog };

/** A pipeline with a source of events: `fields`, `metrics` with their windows, and `next(at)`. */
export function scenario(name, seed = 7) {
  const build = SCENARIOS[name];
  if (!build) throw new Error(`No scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
  const made = build(seeded(seed));
  const time = made.fields.find((field) => field.type === 'timestamp').name;
  const metrics = made.metrics.map((metric) => ({ by: null, of: null, where: null, unit: null, test: () => true, ...metric }));
  return { clockOffsetMs: 0, ...made, time, metrics };
}
