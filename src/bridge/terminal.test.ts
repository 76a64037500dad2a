import { expect, test } from 'vitest'
import { readPlayground } from '../playground/validate.ts'
import { defaultShape, engineVersion, playgroundVersion } from '../playground/model.ts'
import { Cluster } from '../sim/cluster.ts'
import { parseSnapshot, serialiseSnapshot } from '../sim/snapshot.ts'
import { act, clusterOf } from './actions.ts'
import type { Action, JournalEntry } from './protocol.ts'
import { TerminalFeed } from './terminal.ts'

const manifest = `apiVersion: v1
kind: Pod
metadata: { name: box }
spec: { containers: [{ name: box, image: "busybox:1.36", command: [sleep, "3600"] }] }
`

const at = { type: 'terminal', session: 'one', namespace: 'default', pod: 'box', container: 'box' } as const
const open: Action = { ...at, input: { do: 'open', command: ['sh'], columns: 80, rows: 24 } }
const type = (text: string): Action => ({ ...at, input: { do: 'write', text } })

function begin() {
  const cluster = clusterOf(defaultShape())
  const feed = new TerminalFeed()
  const journal: JournalEntry[] = []
  const say = (action: Action, to = cluster) => {
    journal.push({ at: to.now(), action })
    feed.follow(action)
    return act(to, action)
  }
  cluster.runFor(5_000)
  say({ type: 'apply', file: 'a', text: manifest })
  cluster.runFor(20_000)
  const heard = (from: Cluster = cluster) =>
    feed
      .read(from)
      .map(({ output }) => output)
      .join('')
  return { cluster, feed, journal, say, heard }
}

test('what is typed into a shell is answered, and its end is told once', () => {
  const { cluster, feed, say, heard } = begin()
  expect(say(open)).toEqual({ ok: true })
  cluster.runFor(1_000)
  expect(heard()).toContain('#')
  say(type('echo $((6*7))\r'))
  cluster.runFor(1_000)
  expect(heard()).toMatch(/echo.*\r\n42\r\n/s)
  say(type('exit 3\r'))
  cluster.runFor(1_000)
  expect(feed.read(cluster)).toMatchObject([{ session: 'one', end: { exitCode: 3 } }])
  expect(feed.read(cluster)).toEqual([])
  expect(say(type('x')).ok).toBe(false)
})

test('the same journal gives the same files, although nobody reads', () => {
  const { cluster, journal, say, heard } = begin()
  say(open)
  cluster.runFor(1_000)
  say(type('echo kept > /tmp/a\r'))
  cluster.runFor(1_000)
  const again = clusterOf(defaultShape())
  for (const entry of journal) {
    again.clock.runUntil(entry.at)
    act(again, entry.action)
  }
  again.clock.runUntil(cluster.now())
  const look: Action = type('cat /tmp/a\r')
  heard()
  say(look)
  cluster.runFor(1_000)
  expect(heard()).toContain('\r\nkept\r\n')
  act(again, look)
  again.runFor(1_000)
  expect(again.sessions.resume('default/box', 'box', 'one')!.read().stdout).toContain('\r\nkept\r\n')
})

test('a session goes on in a restored cluster; what it wrote before is not told again', () => {
  const { cluster, say, heard } = begin()
  say(open)
  cluster.runFor(1_000)
  heard()
  say(type('A=seen\r'))
  cluster.runFor(1_000)
  const restored = Cluster.restore(parseSnapshot(serialiseSnapshot(cluster.snapshot())))
  expect(heard(restored)).toBe('')
  say(type('echo $A again\r'), restored)
  restored.runFor(1_000)
  expect(heard(restored)).toContain('seen again\r\n')
})

test('a pod that goes takes its sessions along', () => {
  const { cluster, feed, say } = begin()
  say(open)
  cluster.runFor(1_000)
  feed.read(cluster)
  say({ type: 'delete', resource: 'pods', namespace: 'default', name: 'box', gracePeriodSeconds: 0 })
  cluster.runFor(60_000)
  expect(feed.read(cluster).at(-1)).toMatchObject({ end: { exitCode: 137 } })
})

test.each([
  ['a pod that is not there', { ...open, pod: 'nobody' }, /not found/],
  ['a program that is not there', { ...open, input: { do: 'open', command: ['nope'], columns: 80, rows: 24 } }, /nope/],
] as [string, Action, RegExp][])('%s is refused with a reason', (_, action, reason) => {
  const { say } = begin()
  expect(say(action)).toMatchObject({ ok: false, message: expect.stringMatching(reason) })
})

const playground = (action: unknown) => ({
  version: playgroundVersion,
  engine: engineVersion,
  name: 'a',
  files: [],
  shape: defaultShape(),
  journal: [{ at: 0, action }],
  until: 0,
})

test.each([
  open,
  type('ls\r'),
  { ...at, input: { do: 'resize', columns: 80, rows: 24 } },
  { ...at, input: { do: 'close' } },
])('a link carries it: %j', (action) => {
  expect(readPlayground(playground(action)).journal[0]!.action).toEqual(action)
})

test.each([
  ['a name that is none', { ...open, session: '../x' }],
  ['no input', { ...at }],
  ['a size without end', { ...at, input: { do: 'resize', columns: 1e9, rows: 1 } }],
  ['a command that is no list', { ...at, input: { do: 'open', command: 'sh', columns: 1, rows: 1 } }],
])('%s is no terminal action', (_, action) => {
  expect(() => readPlayground(playground(action))).toThrow()
})
