import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The fonts travel with the bundle, so their licence does too. */
function fontLicence(): Plugin {
  return {
    name: 'font-licence',
    apply: 'build',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'licenses/geist.txt',
        source: readFileSync(path('./node_modules/@fontsource-variable/geist/LICENSE')),
      });
    },
  };
}

export default defineConfig({
  base: '/dashboard/',
  plugins: [react(), tailwindcss(), fontLicence()],
  resolve: { alias: { '@': path('./src') } },
  // Nothing is inlined, so that a strict Content-Security-Policy needs no data: sources.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, license: { fileName: 'licenses/scripts.md' } },
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env.MILLRACE_URL ?? 'http://127.0.0.1:8090', changeOrigin: false } },
  },
});
