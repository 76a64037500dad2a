import { describe, expect, test } from 'vitest'
import { StatusError } from '../../machinery/errors.ts'
import { handleOf, nodeOf, podOf } from '../testing/scheduling.ts'
import { bind, reserve, unreserve, type Binding } from './binding.ts'
import { podInfoOf } from './framework/pod-info.ts'
import { unschedulable, type Plugin } from './framework/types.ts'

const handle = handleOf({ nodes: [nodeOf('a')] })
const [node] = handle.nodes()
const pod = podOf('p')
const binding: Binding = { key: 'default/p', uid: 'p', node: 'a', score: 0, attempts: 1, until: 1000, life: 0 }
const no: Plugin['reserve'] = () => unschedulable('no room')
const broken: Plugin['reserve'] = () => ({ code: 'error', reasons: ['broken'] })

/** Plugins that note what is asked of them. */
function noting(...plugins: Plugin[]): { plugins: Plugin[]; log: string[] } {
  const log: string[] = []
  const noted = plugins.map((plugin) => {
    const points = Object.entries(plugin).filter(([, value]) => typeof value === 'function')
    const wrapped = points.map(([point, value]) => [
      point,
      (...args: unknown[]) => {
        log.push(`${plugin.name} ${point}`)
        return (value as (...args: unknown[]) => unknown)(...args)
      },
    ])
    return { ...plugin, ...Object.fromEntries(wrapped) } as Plugin
  })
  return { plugins: noted, log }
}

const yes = () => undefined
const full = (name: string): Plugin => ({
  name,
  reserve: yes,
  unreserve: yes,
  permit: yes,
  preBind: yes,
  bind: () => {},
  postBind: yes,
})

describe('at the end of a scheduling cycle', () => {
  test.each<[string, Plugin, object]>([
    ['nobody minds', full('Y'), {}],
    ['a refusal to reserve', { name: 'X', reserve: no }, { plugin: 'X', message: 'no room', refused: true }],
    [
      'a mishap in reserving',
      { name: 'X', reserve: broken },
      { plugin: 'X', message: 'running Reserve plugin "X": broken', refused: false },
    ],
    ['a permit that is refused', { name: 'X', permit: () => unschedulable('closed') }, { message: 'closed' }],
    [
      'a permit that takes its time',
      { name: 'X', permit: () => ({ waitMs: 5000 }) },
      { permit: { plugin: 'X', since: 7, waitMs: 5000 } },
    ],
  ])('%s', (_name, plugin, expected) => {
    expect(reserve([full('First'), plugin], podInfoOf(pod), node!, handle, 7)).toMatchObject(expected)
  })

  test('all reserve before one is asked for a permit, and the last gives back first', () => {
    const { plugins, log } = noting(full('A'), full('B'))
    reserve(plugins, podInfoOf(pod), node!, handle, 0)
    unreserve(plugins, pod, handle)
    expect(log).toEqual(['A reserve', 'B reserve', 'A permit', 'B permit', 'B unreserve', 'A unreserve'])
  })
})

describe('a binding', () => {
  test('is prepared by all, made by the first that does, and told to all', () => {
    const { plugins, log } = noting({ name: 'Skips', bind: () => 'skip' }, full('A'), full('B'))
    expect(bind(binding, pod, plugins, node, handle, 0)).toBe('bound')
    expect(log).toEqual(['A preBind', 'B preBind', 'Skips bind', 'A bind', 'A postBind', 'B postBind'])
  })

  const permitted = { ...binding, permit: { plugin: 'X', since: 0, waitMs: 5000 } }
  const refusedByServer: Plugin = {
    name: 'X',
    bind: () => {
      throw new StatusError(409, 'Conflict', 'pod p is already assigned')
    },
  }
  test.each<[string, Binding, Plugin, number, unknown]>([
    ['waits for volumes', binding, { name: 'X', preBind: () => 'wait' }, 999, { wait: binding }],
    [
      'waits no longer than it may',
      binding,
      { name: 'X', preBind: () => 'wait' },
      1000,
      { message: 'running PreBind plugin "X": binding volumes: timed out waiting for the condition', refused: false },
    ],
    ['waits for its permit', permitted, { name: 'X', permit: () => ({ waitMs: 1 }) }, 4999, { wait: permitted }],
    [
      'is refused when the permit does not come',
      permitted,
      { name: 'X', permit: () => ({ waitMs: 1 }) },
      5000,
      { message: 'rejected due to timeout after waiting 5s at plugin X', refused: true },
    ],
    [
      'is refused with its permit',
      permitted,
      { name: 'X', permit: () => unschedulable('closed') },
      1,
      { plugin: 'X', message: 'closed', refused: true },
    ],
    [
      'is given up when the API server refuses it',
      binding,
      refusedByServer,
      0,
      { message: 'running Bind plugin "X": pod p is already assigned', refused: false },
    ],
  ])('%s', (_name, binding, plugin, now, expected) => {
    expect(bind(binding, pod, [plugin], node, handle, now)).toMatchObject(expected as object)
  })

  test('goes on once it has its permit', () => {
    expect(bind(permitted, pod, [full('X')], node, handle, 1)).toBe('bound')
  })

  test('to a node that is gone is given up', () => {
    expect(bind(binding, pod, [full('X')], undefined, handle, 1)).toMatchObject({ refused: false })
  })
})
