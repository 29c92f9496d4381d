// A pipeline's API played from memory. MOCK_SCENARIO: clickstream, orders or weblog; MOCK_RATE: events per second;
// MOCK_HISTORY: seconds of events before the start (0 and rate 0: the empty pipeline); MOCK_PORT.
import { startMock } from './mock/server.mjs';

const number = (name, fallback) => Number(process.env[name] ?? fallback);
const port = number('MOCK_PORT', 8090);

await startMock({
  port,
  name: process.env.MOCK_SCENARIO ?? 'clickstream',
  rate: number('MOCK_RATE', 40),
  historySeconds: number('MOCK_HISTORY', 2_400),
});
console.log(`Mock pipeline at http://127.0.0.1:${port}/dashboard/ (built files), API at /api/v1`);
