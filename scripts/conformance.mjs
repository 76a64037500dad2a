// Bundles the conformance runner and runs it: Node 20 does not read TypeScript.
import { build } from 'esbuild'
import { pathToFileURL } from 'node:url'

const outfile = '.cache/conformance.mjs'
await build({
  entryPoints: ['scripts/conformance/main.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outfile,
  sourcemap: 'inline',
  logLevel: 'error',
  packages: 'external',
})
process.setSourceMapsEnabled(true)
await import(pathToFileURL(outfile).href)
