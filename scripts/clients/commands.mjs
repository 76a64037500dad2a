// The list of kubectl and helm commands, against a served cluster. Each prints PASS or FAIL and its name.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { directory } from './fetch.mjs'
import { serveCluster } from './served.mjs'

const runLimitMs = 900_000

export async function runCommands(kubectl, filter) {
  const served = await serveCluster(['--speed', '5'])
  try {
    const { stdout, error } = spawnSync('bash', ['conformance/kubectl-commands.sh', ...(filter ? [filter] : [])], {
      stdio: ['ignore', 'pipe', 2],
      encoding: 'utf8',
      timeout: runLimitMs,
      maxBuffer: 1 << 26,
      env: {
        ...process.env,
        SERVER: served.server,
        TOKEN: served.token,
        CA: served.authority,
        KUBECTL: resolve(directory, kubectl),
        HELM: resolve(directory, 'helm'),
        VERBOSE: '1',
      },
    })
    if (error && !stdout) throw error
    const lines = stdout.split('\n')
    const failures = lines.flatMap((line, index) => {
      const found = /^FAIL {2}(\S+) (.*)$/.exec(line)
      if (!found) return []
      const said = lines.slice(index + 1, index + 4).filter((one) => one.startsWith('      | '))
      const difference = [found[2], ...said.map((one) => one.slice(8))].join(' ')
      return [{ name: `${kubectl}/${found[1]}`, step: 0, difference }]
    })
    return { passed: lines.filter((line) => line.startsWith('PASS  ')).length, failures }
  } finally {
    await served.stop()
  }
}
