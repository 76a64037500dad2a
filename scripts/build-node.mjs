// Bundles the Node command into dist-node/, so that it runs without the development dependencies.
import { build } from 'esbuild'
import { chmodSync } from 'node:fs'

const outfile = 'dist-node/kubecosm.mjs'
await build({
  entryPoints: ['src/node/main.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outfile,
  minify: true,
  keepNames: true,
  sourcemap: false,
  logLevel: 'error',
  // Some dependencies are CommonJS and ask for Node's modules by require.
  banner: {
    js: "import { createRequire as kubecosmRequire } from 'node:module'; const require = kubecosmRequire(import.meta.url);",
  },
})
chmodSync(outfile, 0o755)
