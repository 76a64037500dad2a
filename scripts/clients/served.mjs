// A cluster served for a test, and what is checked of it.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Starts kubecosm serve on free ports; waits until it is ready. */
export async function serveCluster(args = []) {
  const child = spawn(process.execPath, ['dist-node/kubecosm.mjs', 'serve', '--port', '0', '--json', ...args], {
    stdio: ['ignore', 'pipe', 2],
  })
  const { server, token, kubeconfig, page } = JSON.parse(await firstLine(child))
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8'))
  const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString()
  const authority = join(mkdtempSync(join(tmpdir(), 'kubecosm-clients-')), 'ca.pem')
  writeFileSync(authority, ca)
  const served = { child, server, token, kubeconfig, page, ca, authority }
  return { ...served, stop: (signal = 'SIGTERM') => ended(child, signal), call: (...what) => call(served, ...what) }
}

function ended(child, signal) {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.on('exit', () => done())
    child.kill(signal)
  })
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

/** One request to the API: its status and the JSON of its body. */
export function call({ server, token, ca }, method, path, body, headers = {}) {
  return new Promise((done, fail) => {
    const asked = request(
      `${server}${path}`,
      {
        method,
        ca,
        checkServerIdentity: () => undefined,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('error', fail)
        response.on('end', () => {
          let json
          try {
            json = JSON.parse(text)
          } catch {
            json = undefined
          }
          done({ status: response.statusCode, json, text })
        })
      },
    )
    asked.on('error', fail)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms))

/** Waits until something holds; an error that says what did not, after a while. */
export async function until(what, holds, ms = 20_000) {
  const end = performance.now() + ms
  for (;;) {
    const found = await holds()
    if (found) return found
    if (performance.now() > end) throw new Error(`${what}: not within ${ms / 1000} s`)
    await pause(50)
  }
}

export function expect(what, is, wanted) {
  const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)]
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`)
}

/** Runs checks one after the other: `{passed, failures: [{name, step, difference}]}`. */
export async function runChecks(area, checks) {
  const report = { passed: 0, failures: [] }
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check()
      report.passed++
    } catch (error) {
      report.failures.push({
        name: `${area}/${name}`,
        step: 0,
        difference: error?.stack?.split('\n').slice(0, 3).join(' ') ?? `${error}`,
      })
    }
  }
  return report
}

export const configMap = (name, value = '') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
})
export const configMaps = '/api/v1/namespaces/default/configmaps'
