// Mutated links, playground files and snapshots, thousands of them: each has to be refused with a message or to open, and
// what opens must neither throw nor hold up the one it runs in.
import { deflateSync, strToU8 } from 'fflate'
import { Host } from '../../src/bridge/host.ts'
import { toBase64Url } from '../../src/lib/base64url.ts'
import { seededRandom, type Random } from '../../src/lib/random.ts'
import type { HostMessage, OpenPlayground } from '../../src/bridge/protocol.ts'
import type { Playground } from '../../src/playground/model.ts'
import { defaultShape, engineVersion, playgroundVersion } from '../../src/playground/model.ts'
import { decodeFragment, encodeFragment, fromFileText, toFileText } from '../../src/playground/share.ts'
import { examples } from '../../src/playground/examples/examples.ts'
import { sealed } from '../../src/sim/snapshot.ts'

const option = (name: string, usual: number) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number(process.argv[at + 1])
}
const count = option('count', 10_000)
const seed = option('seed', 1)
const asJson = process.argv.includes('--json')
/** Of the host's turns: what opens runs on for so many. */
const turns = 12
const slowestAllowedMs = 2_000
const heapAllowedMB = 512

const oddities: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  '0',
  'x',
  '../..',
  '__proto__',
  'a'.repeat(5_000),
  [],
  {},
  '\u202e',
  '99999999Gi',
  '1e9',
]

const random = seededRandom(seed)
const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!

const playgrounds: Playground[] = examples.slice(0, 8).map((example, index) => ({
  version: playgroundVersion,
  engine: engineVersion,
  name: `p${index}`,
  files: example.files,
  shape: example.shape ?? defaultShape(),
  journal: [
    ...example.files.map(({ name, text }, at) => ({
      at: 5_000 + at,
      action: { type: 'apply' as const, file: name, text },
    })),
    { at: 9_000, action: { type: 'machine' as const, name: 'node-1', change: 'unplug' as const } },
    {
      at: 12_000,
      action: { type: 'fault' as const, fault: { on: 'controlPlane' as const, part: 'scheduler' as const } },
    },
  ],
  until: 30_000,
}))

class Guest {
  slowestMs = 0
  problem: string | undefined
  private readonly tick: { run?: () => void } = {}
  private readonly host = new Host({ now: () => performance.now(), later: (run) => (this.tick.run = run) })
  private readonly view = this.host.connect((message) => this.hear(message))
  private answered = false
  /** Said by an answer: the page goes on without it. */
  private isRefused = false

  async open(playground: OpenPlayground): Promise<void> {
    this.timed(() => this.host.receive({ id: 1, request: { type: 'open', playground } }, this.view))
    for (let turn = 0; turn < turns && !this.problem && !this.isRefused; turn++) {
      // A turn of the host's own loop, and of what it awaits.
      await new Promise((done) => setImmediate(done))
      if (this.answered) this.host.receive({ id: 2, request: { type: 'run', running: true } }, this.view)
      this.timed(() => this.tick.run?.())
      this.host.receive({ frameAck: true }, this.view)
    }
    this.host.stop()
  }

  private hear(message: HostMessage): void {
    if (message.type === 'answer' && message.id === 1) this.answered = true
    else if (message.type === 'error' && message.id === 1) this.isRefused = true
  }

  private timed(run: () => void): void {
    const started = performance.now()
    try {
      run()
    } catch (error) {
      this.problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
    this.slowestMs = Math.max(this.slowestMs, performance.now() - started)
  }
}

const snapshots = await Promise.all(
  playgrounds.slice(0, 3).map(async ({ shape, journal, until }) => {
    const host = new Host({ now: () => 0, later: () => {} })
    let answer: any
    const view = host.connect((message) => {
      if (message.type === 'answer') answer = message.answer
    })
    host.receive({ id: 1, request: { type: 'open', playground: { shape, journal, until } } }, view)
    await new Promise((done) => setTimeout(done, 50))
    host.receive({ id: 2, request: { type: 'snapshot' } }, view)
    await new Promise((done) => setTimeout(done, 50))
    return { shape, text: answer.snapshot as string }
  }),
)

const tally = { links: 0, opened: 0, refused: 0, contained: 0 }
const problems: { readonly number: number; readonly what: string }[] = []
let slowestMs = 0
let heapMB = 0
for (let number = 0; number < count; number++) {
  const { playground, mayThrow, refusal } = mutant(random)
  tally.links++
  if (!playground) {
    tally.refused++
    if (typeof refusal !== 'string') problems.push({ number, what: 'refused without a reason' })
    continue
  }
  tally.opened++
  const guest = new Guest()
  await guest.open(playground)
  slowestMs = Math.max(slowestMs, guest.slowestMs)
  if (guest.slowestMs > slowestAllowedMs)
    problems.push({ number, what: `held up for ${Math.round(guest.slowestMs)} ms` })
  // Who forges a snapshot's sum gets what they asked for: a host that ends, in its own worker.
  if (guest.problem && mayThrow) tally.contained++
  else if (guest.problem) problems.push({ number, what: guest.problem.split('\n').slice(0, 4).join(' | ') })
  heapMB = Math.max(heapMB, process.memoryUsage().heapUsed / 1e6)
}
if (heapMB > heapAllowedMB) problems.push({ number: -1, what: `the heap grew to ${Math.round(heapMB)} MB` })
const summary = {
  seed,
  ...tally,
  slowestMs: Math.round(slowestMs),
  heapMB: Math.round(heapMB),
  problems: problems.slice(0, 20),
}
if (asJson) console.log(JSON.stringify(summary))
else console.log(summary)
process.exit(problems.length > 0 ? 1 : 0)

interface Mutant {
  readonly playground?: OpenPlayground
  readonly refusal?: string
  readonly mayThrow?: true
}

function mutant(by: Random): Mutant {
  const whole = pick(playgrounds)
  switch (by.below(6)) {
    case 0:
      return asked(decodeFragment(inText(encodeFragment(whole))))
    case 1:
      return asked(decodeFragment(`1.${toBase64Url(deflateSync(strToU8(inText(JSON.stringify(whole)))))}`))
    case 2:
      return asked(fromFileText(inText(toFileText(whole))))
    case 3: {
      const value = inValue(structuredClone(whole))
      return asked(fromFileText(JSON.stringify(value)))
    }
    case 4: {
      const { shape, text } = pick(snapshots)
      return { playground: { shape, snapshot: inText(text) } }
    }
    default: {
      const { shape, text } = pick(snapshots)
      const { sum: _sum, ...parsed } = JSON.parse(text)
      const body = JSON.stringify(inValue(parsed)) ?? '{}'
      return { playground: { shape, snapshot: sealed(body.replace(/\}$/, '')) }, mayThrow: true }
    }
  }
}

function asked(opened: ReturnType<typeof decodeFragment>): Mutant {
  if (!opened.ok) return { refusal: opened.problem }
  const { shape, journal, until } = opened.playground
  return { playground: { shape, journal, until } }
}

/** A few characters changed, lost, doubled or moved. */
function inText(text: string): string {
  let result = text
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(Math.max(1, result.length))
    const length = 1 + random.below(pick([1, 4, 200]))
    const part = result.slice(at, at + length)
    const other = random.below(result.length + 1)
    const how = random.below(5)
    if (how === 0) result = result.slice(0, at) + result.slice(at + length)
    else if (how === 1) result = result.slice(0, at) + part + result.slice(at)
    else if (how === 2) result = result.slice(0, other) + part + result.slice(other)
    else if (how === 3) result = result.slice(0, at) + String.fromCharCode(32 + random.below(95)) + result.slice(at + 1)
    else
      result =
        result.slice(0, at) +
        pick(['9'.repeat(12), '-1', '{}', '[]', '"', 'null', '\u0000', '1e308']) +
        result.slice(at + length)
  }
  return result
}

/** A few values within replaced, lost, doubled or put elsewhere. */
function inValue(value: any): unknown {
  for (let times = 1 + random.below(3); times > 0; times--) {
    const paths = pathsOf(value)
    if (paths.length === 0) return value
    const [holder, key] = pick(paths)
    const how = random.below(4)
    if (how === 0) delete holder[key]
    else if (how === 1) holder[key] = pick(oddities)
    else if (how === 2) holder[key] = structuredClone(pick(paths)[0])
    else if (Array.isArray(holder)) holder.push(...structuredClone(holder).slice(0, 50))
    else holder[pick(['kind', 'name', 'replicas', 'x', 'until', 'at'])] = pick(oddities)
  }
  return value
}

function pathsOf(value: any, found: [any, string][] = []): [any, string][] {
  if (typeof value !== 'object' || value === null || found.length > 20_000) return found
  for (const key of Object.keys(value)) {
    found.push([value, key])
    pathsOf(value[key], found)
  }
  return found
}
