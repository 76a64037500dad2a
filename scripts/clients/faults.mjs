// What clients do to a served cluster when they break off, are slow, or come all at once; and what a kill does to its state.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { directory } from './fetch.mjs'
import { configMap, configMaps, expect, pause, runChecks, serveCluster, until } from './served.mjs'

const watchers = 200
const atOnce = 1000

export async function runFaults() {
  const served = await serveCluster(['--speed', '5'])
  const { call } = served
  try {
    return await runChecks('faults', {
      '200 watchers see every change, break off, and leave nothing behind': async () => {
        await watchRound('warm')
        const before = await settledMemory()
        for (const round of ['one', 'two', 'three']) await watchRound(round)
        const after = await settledMemory()
        if (after > before * 1.25 + 40) throw new Error(`memory was ${before} MB and is ${after} MB`)
      },
      'readers that do not read are let go, and nobody waits for them': async () => {
        const slow = await Promise.all(Array.from({ length: 20 }, () => openWatch({ reads: false })))
        for (let index = 0; index < 60; index++) {
          const { status } = await call('POST', configMaps, configMap(`big-${index}`, 'x'.repeat(200_000)))
          expect('status', status, 201)
        }
        expect('still answers', (await call('GET', '/readyz')).status, 200)
        for (const one of slow) one.close()
        for (let index = 0; index < 60; index++) await call('DELETE', `${configMaps}/big-${index}`)
      },
      '1,000 requests at once are all answered': async () => {
        const answers = await Promise.all(Array.from({ length: atOnce }, () => call('GET', `${configMaps}?limit=5`)))
        expect('statuses', [...new Set(answers.map(({ status }) => status))], [200])
      },
      'commands whose client is killed leave no session behind': async () => {
        await call('POST', '/api/v1/namespaces/default/pods', {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'shell' },
          spec: { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '1d'] }] },
        })
        await until(
          'the pod runs',
          async () => (await call('GET', '/api/v1/namespaces/default/pods/shell')).json.status.phase === 'Running',
        )
        for (let round = 0; round < 3; round++) {
          const clients = Array.from({ length: 10 }, () => kubectl(['exec', '-i', 'shell', '--', 'cat']))
          await until('all are connected', async () => (await processes('cat')) === 10)
          for (const { child } of clients) child.kill('SIGKILL')
          await until('their commands are gone', async () => (await processes('cat')) === 0)
        }
        const { ended } = kubectl(['exec', 'shell', '--', 'echo', 'still here'])
        expect('a command afterwards', await ended, { code: 0, text: 'still here\n' })
      },
      'what was answered outlasts a kill': killed,
      'foreign hosts, origins, tokens and paths are refused': async () => {
        const refused = async (headers, path = '/api') => (await call('GET', path, undefined, headers)).status
        expect('host', await refused({ host: 'evil.example' }), 403)
        expect('origin', await refused({ origin: 'https://evil.example' }), 403)
        expect('wrong token', await refused({ authorization: 'Bearer nonsense' }), 401)
        expect('path', await refused({}, '/..%2f..%2fetc/passwd'), 404)
        for (const path of [
          '/../package.json',
          '/..%2fpackage.json',
          '/%2e%2e/package.json',
          '/assets/..%2f..%2fpackage.json',
        ])
          expect(`page ${path}`, (await page(path)).includes('"devDependencies"'), false)
      },
    })
  } finally {
    await served.stop()
  }

  async function watchRound(round) {
    const open = await Promise.all(Array.from({ length: watchers }, () => openWatch({ reads: true })))
    const names = Array.from({ length: 20 }, (_, index) => `${round}-${index}`)
    for (const name of names) await call('POST', configMaps, configMap(name))
    await until('every watcher has seen every change', () =>
      open.every(({ text }) => names.every((name) => text().includes(`"name":"${name}"`))),
    )
    for (const one of open) one.close()
    for (const name of names) await call('DELETE', `${configMaps}/${name}`)
  }

  function openWatch({ reads }) {
    return new Promise((done, fail) => {
      let text = ''
      const { server, token, ca } = served
      const asked = request(
        `${server}${configMaps}?watch=1&resourceVersion=0`,
        { ca, agent: false, headers: { authorization: `Bearer ${token}` } },
        (response) => {
          if (reads) response.on('data', (chunk) => (text += chunk))
          else response.pause()
          response.on('error', () => {})
          done({ text: () => text, close: () => asked.destroy() })
        },
      )
      asked.on('error', fail)
      asked.end()
    })
  }

  /** Megabytes of the server's process, when they no longer fall. */
  async function settledMemory() {
    let least = Infinity
    for (let tries = 0; tries < 20; tries++) {
      await pause(250)
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${served.child.pid}/status`, 'utf8'))[1])
      least = Math.min(least, Math.round(kilobytes / 1024))
    }
    return least
  }

  function kubectl(args) {
    const child = spawn(resolve(directory, 'kubectl'), ['--kubeconfig', served.kubeconfig, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    return { child, ended: new Promise((done) => child.on('close', (code) => done({ code, text }))) }
  }

  async function processes(name) {
    const { ended } = kubectl(['exec', 'shell', '--', 'sh', '-c', `ps -o args | grep -c '^${name}$'`])
    return Number((await ended).text)
  }

  function page(path) {
    return new Promise((done, fail) => {
      if (!served.page) return done('')
      const { hostname, port } = new URL(served.page)
      const asked = get({ hostname, port, path }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => done(text))
      })
      asked.on('error', fail)
    })
  }
}

async function killed() {
  const folder = mkdtempSync(join(tmpdir(), 'kubecosm-state-'))
  const args = ['--state', join(folder, 'cluster.json'), '--speed', '5']
  const made = []
  try {
    for (let round = 0; round < 3; round++) {
      const served = await serveCluster(args)
      for (const name of made)
        expect(`${name} after the kill`, (await served.call('GET', `${configMaps}/${name}`)).status, 200)
      for (let index = 0; index < 40; index++) {
        const name = `kept-${round}-${index}`
        expect('made', (await served.call('POST', configMaps, configMap(name))).status, 201)
        made.push(name)
      }
      await served.stop('SIGKILL')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
