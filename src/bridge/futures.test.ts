import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { keyOf } from '../machinery/objects.ts'
import { Host } from './host.ts'
import type { Action, Delta, FuturesState, HostMessage, JournalEntry, Lane } from './protocol.ts'

const machine = (name: string) => ({ name, zone: 'z', cpu: '4', memory: '8Gi' })
const shape = { name: 'c', seed: 1, machines: [machine('a'), machine('b')] }
const deployment = (name: string, replicas: number): Action => ({
  type: 'apply',
  file: `${name}.yaml`,
  text: `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: nginx}]}
`,
})

/** A page that sums up what it is told. */
class Page {
  readonly host: Host
  readonly objects = new Map<string, unknown>()
  journal: JournalEntry[] = []
  lanes = new Map<string, Lane>()
  futures: FuturesState | undefined
  clock: Delta['clock'] | undefined
  private readonly view
  private readonly waiting = new Map<number, { done(answer: unknown): void; failed(error: Error): void }>()
  private tick: (() => void) | undefined
  private time = 0
  private id = 0

  constructor() {
    this.host = new Host({ now: () => this.time, later: (run) => (this.tick = run) })
    this.view = this.host.connect((message) => this.hear(message))
  }

  ask(request: any): Promise<any> {
    return new Promise((done, failed) => {
      this.waiting.set(++this.id, { done, failed })
      this.host.receive({ id: this.id, request }, this.view)
    })
  }

  act(action: Action) {
    return this.ask({ type: 'act', action })
  }

  /** Real time passes, 16 ms at a time, and each delta is drawn. */
  pass(ms: number): void {
    for (const end = this.time + ms; this.time < end;) {
      this.time += 16
      this.host.receive({ frameAck: true }, this.view)
      this.tick!()
    }
  }

  pods(): string[] {
    return [...this.objects]
      .filter(([id]) => id.startsWith('pods '))
      .map(([id, pod]: any) => `${id} ${pod.status.phase}`)
  }

  private hear(message: HostMessage): void {
    if (message.type === 'answer') this.waiting.get(message.id)!.done(message.answer)
    else if (message.type === 'error') this.waiting.get(message.id)!.failed(new Error(message.message))
    else if (message.type === 'delta') this.take(message.delta)
  }

  private take(delta: Delta): void {
    if (delta.full) this.objects.clear()
    for (const { resource, key } of delta.removed) this.objects.delete(`${resource} ${key}`)
    for (const { resource, object } of delta.changed) this.objects.set(`${resource} ${keyOf(object)}`, object)
    const isOther = delta.full || delta.jump === 'future'
    if (isOther) this.lanes.clear()
    for (const lane of delta.lanes ?? []) this.lanes.set(`${lane.resource} ${lane.key}`, lane)
    if (delta.journal) this.journal = isOther ? [...delta.journal] : [...this.journal, ...delta.journal]
    this.futures = delta.futures ?? this.futures
    this.clock = delta.clock
  }
}

/** Everything that the host's cluster shows at the moment that is looked at. */
function truth({ host }: Page): Map<string, unknown> {
  const { changed } = host.cluster.changesSince(0)
  return new Map(changed.map(({ resource, object }) => [`${resource} ${keyOf(object)}`, object]))
}

const sorted = (objects: Map<string, unknown>) => [...objects].sort(([a], [b]) => (a < b ? -1 : 1))

let page: Page
beforeEach(async () => {
  page = new Page()
  await page.ask({ type: 'open', playground: { shape } })
  await page.ask({ type: 'speed', speed: 10 })
  await page.ask({ type: 'run', running: true })
  page.pass(1_000)
  await page.act(deployment('web', 2))
  page.pass(1_000)
})

describe('a moment of the past', () => {
  test('is what it was, whatever came after', async () => {
    const at = page.clock!.now
    const then = sorted(truth(page))
    page.pass(100)
    await page.act({ type: 'scale', resource: 'deployments.apps', namespace: 'default', name: 'web', replicas: 5 })
    page.pass(3_000)
    expect(page.pods()).toHaveLength(5)
    const now = sorted(truth(page))
    await page.ask({ type: 'seek', at })
    expect(page.clock).toMatchObject({ now: at, running: false })
    expect(sorted(page.objects)).toEqual(then)
    expect(page.journal).toHaveLength(2)
    await page.ask({ type: 'seek', at: null })
    expect(page.clock).toMatchObject({ running: true })
    expect(page.clock!.live).toBeUndefined()
    expect(sorted(page.objects)).toEqual(now)
  })

  test('goes on as it went, up to the end, where it is live again', async () => {
    const at = page.clock!.now
    await page.act({ type: 'machine', name: 'a', change: 'unplug' })
    page.pass(6_000)
    await page.ask({ type: 'run', running: false })
    page.pass(50)
    const end = page.clock!.now
    const now = sorted(truth(page))
    await page.ask({ type: 'seek', at })
    await page.ask({ type: 'run', running: true })
    page.pass(3_000)
    expect(page.clock!.live).toBe(end)
    expect(page.host.cluster.machines.get('a')!.plugged).toBe(false)
    for (let count = 0; page.clock!.live !== undefined && count < 1000; count++) page.pass(16)
    expect(page.clock!.now - end).toBeLessThan(400)
    await page.ask({ type: 'run', running: false })
    await page.ask({ type: 'seek', at: end })
    page.pass(50)
    expect(sorted(page.objects)).toEqual(now)
  })

  test('is not earlier than the beginning, and a time to come is the end', async () => {
    await page.ask({ type: 'seek', at: 0 })
    expect(page.pods()).toEqual([])
    await page.ask({ type: 'seek', at: 1e9 })
    expect(page.clock!.live).toBeUndefined()
  })
})

describe('an action in the past', () => {
  test('makes another future, and both stay', async () => {
    const at = page.clock!.now
    page.pass(100)
    await page.act({ type: 'scale', resource: 'deployments.apps', namespace: 'default', name: 'web', replicas: 4 })
    page.pass(1_000)
    const first = sorted(truth(page))
    await page.ask({ type: 'seek', at })
    await page.act({ type: 'scale', resource: 'deployments.apps', namespace: 'default', name: 'web', replicas: 1 })
    page.pass(1_500)
    expect(page.pods()).toHaveLength(1)
    expect(page.journal.map(({ action }) => action.type)).toEqual(['apply', 'scale'])
    expect(page.futures).toMatchObject({
      current: 'B',
      all: [{ id: 'A' }, { id: 'B', from: { future: 'A', at } }],
    })
    const second = sorted(truth(page))
    await page.ask({ type: 'run', running: false })
    await page.ask({ type: 'future', id: 'A' })
    expect(sorted(page.objects)).toEqual(first)
    await page.ask({ type: 'future', id: 'B' })
    expect(sorted(page.objects)).toEqual(second)
    await page.ask({ type: 'future', id: 'A', forget: true })
    expect(page.futures!.all.map(({ id }) => id)).toEqual(['B'])
    await expect(page.ask({ type: 'future', id: 'A' })).rejects.toThrow('There is no future A.')
  })

  test('taken back is as if it had never been, while the rest was', async () => {
    await page.act({ type: 'machine', name: 'a', change: 'unplug' })
    page.pass(500)
    await page.act(deployment('db', 1))
    page.pass(1_000)
    const end = page.clock!.now
    await page.ask({ type: 'undo', index: 1 })
    expect(page.clock!.now).toBe(end)
    expect(page.host.cluster.machines.get('a')!.plugged).toBe(true)
    expect(page.journal.map(({ action }: any) => action.file)).toEqual(['web.yaml', 'db.yaml'])
    expect(page.pods()).toHaveLength(3)
    await page.ask({ type: 'future', id: 'A' })
    expect(page.host.cluster.machines.get('a')!.plugged).toBe(false)
    await expect(page.ask({ type: 'undo', index: 9 })).rejects.toThrow('There is nothing to take back.')
  })
})

test('lanes say how it went, in each future its own', async () => {
  const at = page.clock!.now
  page.pass(100)
  await page.act({ type: 'machine', name: 'a', change: 'unplug' })
  page.pass(6_000)
  const tones = (id: string) => page.lanes.get(id)!.stretches.map(({ tone }) => tone)
  expect(tones('nodes a')).toEqual(['progress', 'ok', 'warn'])
  await page.ask({ type: 'seek', at })
  expect(tones('nodes a')).toEqual(['progress', 'ok', 'warn'])
  await page.act({ type: 'cordon', name: 'b', cordon: true })
  page.pass(500)
  expect(tones('nodes a')).toEqual(['progress', 'ok'])
  expect(tones('nodes b')).toEqual(['progress', 'ok', 'wait'])
})

test('a save brings lanes and the past back', async () => {
  const at = page.clock!.now
  const then = sorted(truth(page))
  page.pass(100)
  await page.act({ type: 'machine', name: 'a', change: 'unplug' })
  page.pass(6_000)
  const { snapshot, journal, past } = await page.ask({ type: 'snapshot' })
  const other = new Page()
  await other.ask({ type: 'open', playground: { shape, snapshot, journal, past } })
  expect(other.lanes.get('nodes a')).toEqual(page.lanes.get('nodes a'))
  expect(other.journal).toEqual(journal)
  await other.ask({ type: 'seek', at })
  expect(sorted(other.objects)).toEqual(then)
})

test('whatever is done, now or in the past, the page shows what is', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 16, max: 900 }) }),
    fc.record({ do: fc.constant('seek' as const), part: fc.double({ min: 0, max: 1.1, noNaN: true }) }),
    fc.record({ do: fc.constant('scale' as const), replicas: fc.nat(4) }),
    fc.record({ do: fc.constant('undo' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constant('switch' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constant('live' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const own = new Page()
      await own.ask({ type: 'open', playground: { shape } })
      await own.ask({ type: 'speed', speed: 10 })
      await own.ask({ type: 'run', running: true })
      own.pass(500)
      await own.act(deployment('web', 2))
      for (const one of steps) {
        const pick = <T>(list: readonly T[], part: number) => Math.min(list.length - 1, Math.floor(list.length * part))
        if (one.do === 'pass') own.pass(one.ms)
        else if (one.do === 'seek') await own.ask({ type: 'seek', at: Math.floor(own.host.cluster.now() * one.part) })
        else if (one.do === 'live') await own.ask({ type: 'seek', at: null })
        else if (one.do === 'undo' && own.journal.length > 0)
          await own.ask({ type: 'undo', index: pick(own.journal, one.part) })
        else if (one.do === 'switch')
          await own.ask({ type: 'future', id: own.futures!.all[pick(own.futures!.all, one.part)]!.id })
        else if (one.do === 'scale')
          await own.act({
            type: 'scale',
            resource: 'deployments.apps',
            namespace: 'default',
            name: 'web',
            replicas: one.replicas,
          })
      }
      await own.ask({ type: 'run', running: false })
      own.pass(64)
      expect(sorted(own.objects)).toEqual(sorted(truth(own)))
      // And running it again from its journal comes to the same.
      const live = own.clock!.live ?? own.clock!.now
      const again = new Page()
      await again.ask({ type: 'open', playground: { shape, journal: own.journal, until: live } })
      await own.ask({ type: 'seek', at: null })
      expect(again.host.cluster.api.etcd.revision).toBe(own.host.cluster.api.etcd.revision)
      expect(sorted(again.objects)).toEqual(sorted(own.objects))
    }),
    { numRuns: 25 },
  )
})

test('a save brings the other futures back, which are gone again from their journals', async () => {
  const at = page.clock!.now
  page.pass(100)
  await page.act({ type: 'scale', resource: 'deployments.apps', namespace: 'default', name: 'web', replicas: 4 })
  page.pass(1_000)
  const first = sorted(truth(page))
  await page.ask({ type: 'seek', at })
  await page.act({ type: 'scale', resource: 'deployments.apps', namespace: 'default', name: 'web', replicas: 1 })
  page.pass(1_000)
  const { snapshot, journal, past } = await page.ask({ type: 'snapshot' })
  const other = new Page()
  await other.ask({ type: 'open', playground: { shape, snapshot, journal, past: structuredClone(past) } })
  expect(other.futures!.all.map(({ id, from }) => [id, from])).toEqual([
    ['A', undefined],
    ['B', { future: 'A', at }],
  ])
  await other.ask({ type: 'future', id: 'A' })
  expect(sorted(other.objects)).toEqual(first)
  await other.ask({ type: 'seek', at })
  await other.act({ type: 'cordon', name: 'a', cordon: true })
  expect(other.futures!.current).toBe('C')
})
