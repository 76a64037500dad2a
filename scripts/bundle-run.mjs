// Bundles a TypeScript program and runs it with the rest of the arguments: Node 20 does not read TypeScript.
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'

const [entry, ...args] = process.argv.slice(2)
const outfile = `.cache/${basename(entry, '.ts')}.mjs`
await build({
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outfile,
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'error',
})
const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], { stdio: 'inherit' })
process.exit(status ?? 1)
