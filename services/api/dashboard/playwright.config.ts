import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

// The workers read this file again: they are told what the first one chose.
process.env.MOCK_PORT ??= String(await freePort());
const MOCK = `http://127.0.0.1:${process.env.MOCK_PORT}`;

/** A Chromium of the machine where there is one; Playwright's own otherwise. */
const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', ...onPath].find((path) => path && existsSync(path));

export default defineConfig({
  testDir: 'e2e',
  // These break a pipeline, or need a long past or several windows, which not every one has: stories of the mock alone, which run on it.
  testIgnore: process.env.MILLRACE_URL ? ['faults.spec.ts', 'history.spec.ts', 'windows.spec.ts'] : [],
  workers: 1,
  // Nothing waits as long where all is right: this is for slow and busy machines.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: process.env.MILLRACE_URL ?? MOCK,
    viewport: { width: 1280, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: { executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] },
  },
  // Without MILLRACE_URL the same stories are told by the mock pipeline.
  webServer: process.env.MILLRACE_URL
    ? undefined
    : {
        command: 'npm run build && node dev/mock.mjs',
        url: `${MOCK}/dashboard/`,
        env: { MOCK_PORT: process.env.MOCK_PORT, MOCK_RATE: '20' },
        timeout: 300_000,
      },
});
