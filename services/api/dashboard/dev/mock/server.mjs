import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MockHistory } from './history.mjs';
import { MockPipeline } from './pipeline.mjs';
import { scenario } from './scenarios.mjs';
import { bucketName } from './windows.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const TICK_MS = 500;

function problem(response, status, title, detail) {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

function json(response, body, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/**
 * Speaks the API's contract from memory. `faults.streamDown` refuses streams, `faults.down` refuses everything, `faults.historyDown` history;
 * POST /mock/faults sets them, the pipeline's state, its losses and its proof.
 */
export function startMock({ port = 8090, name = 'clickstream', rate = 40, historySeconds = 2_400, seed = 7 } = {}) {
  const made = scenario(name, seed);
  const pipeline = new MockPipeline(made, { rate, historySeconds });
  const past = new MockHistory(made, pipeline);
  const streams = new Set();
  const faults = { streamDown: false, down: false, historyDown: false };

  const send = (response, event, { seq, data }) =>
    response.write(`event: ${event}\nid: ${pipeline.boot}-${seq}\ndata: ${JSON.stringify(data)}\n\n`);

  function stream(request, response, query) {
    if (faults.streamDown) return problem(response, 503, 'No stream', 'The stream is down; try again later');
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 2000\n\n');
    const lastId = request.headers['last-event-id'] ?? query.get('lastEventId');
    const missed = lastId ? pipeline.missedSince(lastId) : null;
    if (missed) for (const message of missed) send(response, 'update', message);
    else send(response, 'snapshot', pipeline.snapshot());
    streams.add(response);
    request.on('close', () => streams.delete(response));
  }

  function metric(response, metricName, query, series) {
    const metric = made.metrics.find((candidate) => candidate.name === metricName);
    const names = made.metrics.map((candidate) => candidate.name).join(', ');
    if (!metric) return problem(response, 404, 'Unknown metric', `There is no metric "${metricName}"; there are ${names}`);
    const window = query.get('window') ?? metric.windows[0];
    if (!metric.windows.includes(window)) {
      return problem(response, 400, 'Unknown window', `${metricName} has no window "${window}"; it has ${metric.windows.join(', ')}`);
    }
    const cells = pipeline.cells.get(metricName);
    const now = pipeline.clock(Date.now()) / 1000;
    if (series) {
      const points = cells.series(window, now).map(([t, value]) => ({ t: new Date(t * 1000).toISOString(), value }));
      return json(response, { metric: metricName, window, ...(window !== 'all' && { bucket: bucketName(window) }), points });
    }
    const [limit, offset] = [Number(query.get('limit') ?? 10), Number(query.get('offset') ?? 0)];
    if (!(limit >= 1 && limit <= 1000)) return problem(response, 400, 'Bad limit', 'limit must be 1 to 1000');
    const entry = cells.read(window, now);
    return json(response, { ...entry, ...(entry.groups && { groups: entry.groups.slice(offset, offset + limit) }) });
  }

  function history(response, metricName, query) {
    const metric = made.metrics.find((candidate) => candidate.name === metricName);
    if (!metric) return problem(response, 404, 'Unknown metric', `There is no metric "${metricName}"`);
    if (faults.historyDown) return problem(response, 503, 'Not available now', 'History is in Mongo, which does not answer now');
    const { status, problem: detail, body } = past.answer(metric, query);
    if (detail) return problem(response, status, 'Bad parameter', detail);
    if (query.get('format') !== 'csv') return json(response, body);
    const lines = body.points.map(({ t, value }) => `${t},${value ?? ''}\r\n`);
    response.writeHead(200, { 'content-type': 'text/csv;charset=UTF-8', 'content-disposition': `attachment; filename="${metricName}-${body.step}.csv"` });
    response.end(`time,value\r\n${lines.join('')}`);
  }

  async function collect(request, response) {
    const raw = await bodyOf(request);
    let events;
    try {
      const parsed = JSON.parse(raw);
      events = Array.isArray(parsed) ? parsed.map((event) => JSON.stringify(event)) : [raw];
    } catch {
      events = [raw];
    }
    for (const event of events) pipeline.take(event);
    json(response, { accepted: events.length }, 202);
  }

  async function setFaults(request, response) {
    const { state, stateReason, through, throughReason, losses, proof, ...wanted } = JSON.parse(await bodyOf(request));
    Object.assign(faults, wanted);
    if (losses) pipeline.losses = losses;
    if (proof) pipeline.proof = { ...pipeline.proof, ...proof };
    if (state) pipeline.state = { state, stateReason: stateReason ?? null };
    if (through) pipeline.state = { ...pipeline.state, through, throughReason: throughReason ?? null };
    if (faults.streamDown || faults.down) for (const open of streams) open.destroy();
    json(response, { ...faults, ...pipeline.state });
  }

  async function file(response, path) {
    const asked = path.replace(/^\/dashboard\/?/, '');
    // a name with a dot is a file's; any other is a place within the dashboard
    const relative = asked.split('/').at(-1).includes('.') ? asked : 'index.html';
    if (relative.includes('..')) return problem(response, 400, 'Bad path', 'A path must stay in /dashboard');
    try {
      const content = await readFile(DIST + relative);
      response.writeHead(200, { 'content-type': TYPES[extname(relative)] ?? 'text/plain', 'content-security-policy': CSP });
      response.end(content);
    } catch {
      problem(response, 404, 'Not found', `${path} is not in dist; run npm run build first`);
    }
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://mock');
    const [, metricName, part] = /^\/api\/v1\/metrics\/([^/]+)(\/series|\/history)?$/.exec(pathname) ?? [];
    if (pathname === '/mock/faults') return setFaults(request, response);
    if (pathname.startsWith('/dashboard')) return file(response, pathname);
    if (faults.down) return response.destroy();
    if (request.method === 'POST') return collect(request, response);
    if (metricName && part === '/history') return history(response, decodeURIComponent(metricName), searchParams);
    if (metricName) return metric(response, decodeURIComponent(metricName), searchParams, part);
    switch (pathname) {
      case '/':
        return response.writeHead(302, { location: '/dashboard/' }).end();
      case '/api/v1/pipeline':
        return json(response, {
          name: made.name, title: made.title, clock: made.clock,
          streams: [{ name: 'events', topic: 'events', fields: made.fields }],
          panels: made.metrics.map((m) => ({ metric: m.name, title: m.title, kind: m.by ? 'ranking' : 'number', window: m.windows[0], windows: m.windows })),
        });
      case '/api/v1/metrics':
        return json(response, { metrics: made.metrics.map((m) => ({ name: m.name, title: m.title, measure: m.measure, of: m.of, by: m.by ?? [], where: m.where, unit: m.unit, windows: m.windows, from: 'events', history: ['minute', 'hour', 'day'] })) });
      case '/api/v1/stream':
        return stream(request, response, searchParams);
      case '/api/v1/status':
        return json(response, { ...pipeline.rest(), positions: [], losses: pipeline.losses, proof: pipeline.proof });
      case '/api/v1/dead-letters': {
        const recent = pipeline.deadLetters.slice(0, Number(searchParams.get('limit') ?? 20));
        return json(response, { total: pipeline.totals.invalid, late: pipeline.totals.late, causes: pipeline.causes, recent });
      }
      default:
        return problem(response, 404, 'Not found', `There is nothing at ${pathname}`);
    }
  });

  const tick = setInterval(() => {
    const now = Date.now();
    if (pipeline.rate > 0) pipeline.generate(now, (pipeline.rateAt(now / 1000) * TICK_MS) / 1000);
    const message = pipeline.tick(now);
    if (message) for (const response of streams) send(response, 'update', message);
  }, TICK_MS);
  const heartbeat = setInterval(() => {
    for (const response of streams) response.write(': still here\n\n');
  }, 15_000);

  server.on('close', () => {
    clearInterval(tick);
    clearInterval(heartbeat);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
