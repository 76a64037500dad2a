import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { deepEqual } from '../../src/lib/deep-equal.ts'
import { kindExamples } from '../../src/kinds/testing/examples.ts'
import { picker } from '../../src/kinds/testing/random-objects.ts'
import { createCluster, type Cluster } from '../../src/sim/cluster.ts'
import { handleRequest, type HttpRequest, type HttpResponse } from '../../src/sim/apiserver/http.ts'
import { randomRequest } from './requests.ts'

/**
 * Sends random requests to the API server and looks at every answer: a proper Status when it is a refusal, never an
 * exception, never a change that the answer denies, and memory that does not grow without end.
 * `npm run fuzz -- [--requests N] [--seed N] [--json]`
 */
const option = (name: string, otherwise: number) => {
  const at = process.argv.indexOf(`--${name}`)
  return at > 0 ? Number(process.argv[at + 1]) : otherwise
}
const total = option('requests', 1_000_000)
const seed = option('seed', 1)
const perCluster = 20_000

/** What upstream itself answers with 500. */
const known500 = [
  /^resourceVersion should not be set on objects to be created$/,
  /^failed to create typed (patch|live) object \(/,
  /^failed to convert new object \(/,
  /^This pod has more than one PodDisruptionBudget/,
  /^\[?target\.(kind|name): /,
  /^Internal error occurred: failed to allocate/,
  /^resourceVersion: Invalid value/,
  /^Too large resource version: /,
  /^json: cannot unmarshal \w+ into Go (value|struct field)/,
  /^couldn't get version\/kind; json parse error: /,
  /^yaml: /,
  /^Unknown patch type found: /,
  /^map: .* does not contain declared merge key: /,
]

interface Problem {
  readonly index: number
  readonly what: string
  readonly request: string
  readonly answer: string
}
const problems: Problem[] = []
const codes = new Map<number, number>()
let slowest = { ms: 0, request: '' }
let accepted = 0

const examples = new Map(kindExamples().map((example) => [`${example.apiVersion} ${example.kind}`, example]))

/** What was stored since the last request. */
let stored: unknown[] = []

/** The path of a slot that holds undefined: such an object is another one after a snapshot. */
function holeIn(value: unknown, path = ''): string | undefined {
  if (value === undefined) return path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const found = holeIn(part, `${path}.${key}`)
    if (found) return found
  }
  return undefined
}

function holeStored(): string | undefined {
  const found = stored.map((object: any) => [object.kind, holeIn(object)]).find(([, path]) => path)
  stored = []
  return found && `stored an undefined value: ${found.join(' ')}`
}

function openCluster(): Cluster {
  const cluster = createCluster({
    tokens: [
      { token: 'admin', user: { name: 'admin', groups: ['system:masters'] } },
      { token: 'dev', user: { name: 'dev', groups: ['developers'] } },
    ],
  })
  for (const name of ['demo', 'other'])
    cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  cluster.runFor(1_000)
  const { etcd } = cluster.api
  const notify = etcd.onEvent
  etcd.onEvent = (resource, event) => {
    stored.push(event.object)
    notify(resource, event)
  }
  return cluster
}

function shownRequest({ method, path, headers, body }: HttpRequest): string {
  return `${method} ${path.slice(0, 200)} ${JSON.stringify(headers)} ${String(body ?? '').slice(0, 600)}`
}

function check(index: number, request: HttpRequest, answer: HttpResponse, before: number, after: number): void {
  const report = (what: string) => {
    if (problems.length < 100)
      problems.push({
        index,
        what,
        request: shownRequest(request),
        answer: `${answer.status} ${answer.body.slice(0, 400)}`,
      })
  }
  codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1)
  if (answer.status < 200 || answer.status > 599) report('no status of HTTP')
  // A DELETE with a body has all its options there.
  const isDry = /[?&]dryRun=All/.test(request.path) && !(request.method === 'DELETE' && request.body)
  const mayChange = answer.status < 400 && !isDry && request.method !== 'GET' && request.method !== 'HEAD'
  if (after !== before && !mayChange) report(`changed the store (${before} to ${after}) and denied it`)
  if (answer.status < 400) {
    accepted++
    return
  }
  if (!String(answer.headers['content-type']).startsWith('application/json')) return
  let status: any
  try {
    status = JSON.parse(answer.body)
  } catch {
    return report('a refusal that is not JSON')
  }
  if (status.kind !== 'Status' || status.apiVersion !== 'v1' || status.status !== 'Failure')
    return report('a refusal that is no Status')
  if (status.code !== answer.status) report(`code ${status.code} under ${answer.status}`)
  if (typeof status.message !== 'string') report('a Status without a message')
  if (
    /undefined|\[object Object\]|Cannot read|is not a function|is not iterable|NaN/.test(status.message) &&
    !/(must be|or) undefined|undefined (field|identifier|variable)|undeclared/.test(status.message)
  )
    report('a message with the host language in it')
  if (answer.status >= 500 && !known500.some((pattern) => pattern.test(status.message)))
    report('a 5xx that upstream does not give')
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const started = process.cpuUsage()
let cluster = openCluster()
let memoryAtStart = 0
let memoryPeak = 0
for (let index = 0; index < total; index++) {
  if (index % perCluster === 0 && index > 0) {
    cluster = openCluster()
    if (index === perCluster) memoryAtStart = heap()
    memoryPeak = Math.max(memoryPeak, heap())
  }
  const pick = picker(seed * 2_654_435_761 + index * 40_503 + 1)
  for (let warm = 0; warm < 3; warm++) pick(7)
  const request = randomRequest(pick, {
    kinds: cluster.api.kinds.versions(),
    example: (kind) => examples.get(`${kind.group ? `${kind.group}/` : ''}${kind.version} ${kind.kind}`),
  })
  const { etcd, allocators } = cluster.api
  const before = etcd.revision
  const services = request.path.includes('/services') ? allocators.snapshot() : undefined
  const from = performance.now()
  let answer: HttpResponse
  let thrown = ''
  try {
    answer = handleRequest(cluster.api, request, {
      failed: (error) => (thrown = error instanceof Error ? String(error.stack) : String(error)),
    })
  } catch (error) {
    problems.push({
      index,
      what: `threw ${error instanceof Error ? error.stack : String(error)}`,
      request: shownRequest(request),
      answer: '',
    })
    continue
  }
  const ms = performance.now() - from
  if (ms > slowest.ms)
    slowest = {
      ms,
      request: `${request.method} ${request.path.slice(0, 200)} ${String(request.body ?? '').slice(0, 200)}`,
    }
  check(index, request, answer, before, etcd.revision)
  const hole = holeStored()
  if (hole) problems.push({ index, what: hole, request: shownRequest(request), answer: answer.body.slice(0, 300) })
  if (thrown) problems.push({ index, what: thrown, request: shownRequest(request), answer: '' })
  if (services && answer.status >= 400) {
    const { nextClusterIP: _next, ...taken } = allocators.snapshot()
    const { nextClusterIP: _before, ...takenBefore } = services
    if (!deepEqual(taken, takenBefore))
      problems.push({
        index,
        what: 'took an address and denied it',
        request: shownRequest(request),
        answer: answer.body.slice(0, 300),
      })
  }
  answer.stream?.read()
  answer.stream?.close()
  if (index % 500 === 499) {
    try {
      cluster.runFor(2_000)
      const made = holeStored()
      if (made) problems.push({ index, what: `a component ${made}`, request: '', answer: '' })
    } catch (error) {
      problems.push({
        index,
        what: `the cluster threw ${error instanceof Error ? error.stack : String(error)}`,
        request: '',
        answer: '',
      })
      cluster = openCluster()
    }
  }
  if (({} as any).polluted !== undefined) {
    problems.push({
      index,
      what: 'polluted a prototype',
      request: shownRequest(request),
      answer: '',
    })
    break
  }
}
const used = process.cpuUsage(started)

function heap(): number {
  collectGarbage()
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20)
}

const result = {
  requests: total,
  seed,
  accepted,
  codes: Object.fromEntries([...codes].sort(([a], [b]) => a - b)),
  cpuSeconds: Math.round((used.user + used.system) / 1e5) / 10,
  slowestMs: Math.round(slowest.ms),
  slowest: slowest.request,
  heapMb: { early: memoryAtStart, peak: Math.max(memoryPeak, heap()) },
  problems: problems.length,
  examples: problems.slice(0, 20),
}
console.log(process.argv.includes('--json') ? JSON.stringify(result) : result)
process.exitCode = problems.length > 0 ? 1 : 0
