import { existsSync, readFileSync, readdirSync } from 'node:fs'

const html = existsSync('dist/index.html') ? readFileSync('dist/index.html', 'utf8') : ''
const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => `dist/${match[1]}`)
const worker = existsSync('dist/assets')
  ? readdirSync('dist/assets')
      .filter((file) => /^cluster\.worker-.*\.js$/.test(file))
      .map((file) => `dist/assets/${file}`)
  : []

export default [
  { name: 'first load, without the editor', path: scripts, limit: '250 kB', gzip: true, brotli: false },
  { name: 'the cluster, in its worker', path: worker, limit: '510 kB', gzip: true, brotli: false },
]
