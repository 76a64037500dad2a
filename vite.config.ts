import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// Inline styles stay allowed: React Flow, Radix and Monaco position things with them. Scripts do not.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** The development server needs inline scripts for hot reload, so only the built page carries the policy. */
function strictPolicy(): Plugin {
  return {
    name: 'kubecosm:content-security-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
          injectTo: 'head-prepend',
        },
      ],
    },
  }
}

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  // Relative, so that the built page works from any folder of any static host.
  base: './',
  plugins: [react(), strictPolicy()],
  resolve: {
    alias: [
      // monaco-yaml creates its worker in a way that monaco-editor 0.53 took away; ours does it as both expect.
      { find: /^monaco-worker-manager$/, replacement: local('./src/ui/editor/worker-manager.ts') },
      { find: /^monaco-worker-manager\/worker$/, replacement: local('./src/ui/editor/worker-initialize.ts') },
    ],
  },
  server: { open: !process.env.CI, watch: { ignored: ['**/.cache/**', '**/dist/**', '**/test-results/**'] } },
  // A dependency found late makes the development server reload the page under the user's hands, so workers and what
  // is loaded lazily are looked through at the start.
  optimizeDeps: {
    entries: [
      'index.html',
      'src/cluster.worker.ts',
      'src/ui/editor/MonacoEditor.tsx',
      'src/ui/editor/yaml.worker.ts',
      'src/ui/graph/layout.worker.ts',
      'src/ui/inspector/usage/Chart.tsx',
      'src/ui/inspector/why/do-fix.ts',
    ],
    include: ['monaco-editor/editor/editor.worker.js', 'monaco-yaml/yaml.worker.js'],
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Fonts inlined as data: URLs would need a wider policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'src/**/*.test.ts',
            'src/**/*.test.tsx',
            'scripts/**/*.test.mjs',
            'bench/**/*.test.ts',
            'tests/**/*.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
    ],
  },
})
