// npm run dev:mock: the mock pipeline and, before it, the dashboard with hot reload.
import { createServer } from 'vite';
import './mock.mjs';

process.env.MILLRACE_URL = `http://127.0.0.1:${process.env.MOCK_PORT ?? 8090}`;
const server = await createServer();
await server.listen();
server.printUrls();
