import { describe, expect, test } from 'vitest'
import { nodeOf, podOf, podWith, scoresOf, verdicts } from '../../../testing/scheduling.ts'
import { nodeResourcesFit } from './plugin.ts'

const there = (requests: Record<string, string>) => [podWith('there', requests, { nodeName: 'a' })]
const container = (cpu: string, extra = {}) => ({
  name: `c${cpu}`,
  image: 'app:1',
  resources: { requests: { cpu } },
  ...extra,
})
const always = { restartPolicy: 'Always' }

describe('filter', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['what is left may be taken whole', { cpu: '3' }, { cpu: '1' }, 'fits'],
    ['a millicore too much', { cpu: '3' }, { cpu: '1001m' }, 'unschedulable: Insufficient cpu'],
    ['no memory left', { memory: '8Gi' }, { memory: '1' }, 'unschedulable: Insufficient memory'],
    [
      'no disk left',
      { 'ephemeral-storage': '90Gi' },
      { 'ephemeral-storage': '20Gi' },
      'unschedulable: Insufficient ephemeral-storage',
    ],
    [
      'several reasons',
      { cpu: '4', memory: '8Gi' },
      { cpu: '1', memory: '1Gi' },
      'unschedulable: Insufficient cpu, Insufficient memory',
    ],
    ['more than an empty node has: no eviction helps', { cpu: '1' }, { cpu: '5' }, 'unresolvable: Insufficient cpu'],
    ['a resource that no node has', {}, { 'example.com/gpu': '1' }, 'unresolvable: Insufficient example.com/gpu'],
    ['a pod that asks for nothing fits on a full node', { cpu: '4', memory: '8Gi' }, {}, 'fits'],
  ])('%s', (_name, taken, wanted, expected) => {
    expect(verdicts(nodeResourcesFit, podWith('p', wanted), { nodes: [nodeOf('a')], pods: there(taken) })).toEqual({
      a: expected,
    })
  })

  test('an extended resource is counted', () => {
    const nodes = [nodeOf('a', { allocatable: { 'example.com/gpu': '2' } })]
    const wanted = (count: string) => podWith('p', { 'example.com/gpu': count })
    const pods = there({ 'example.com/gpu': '1' })
    expect(verdicts(nodeResourcesFit, wanted('1'), { nodes, pods })).toEqual({ a: 'fits' })
    expect(verdicts(nodeResourcesFit, wanted('2'), { nodes, pods })).toEqual({
      a: 'unschedulable: Insufficient example.com/gpu',
    })
  })

  test('the number of pods is a limit, too', () => {
    const nodes = [nodeOf('a', { allocatable: { pods: '1' } })]
    expect(verdicts(nodeResourcesFit, podOf('p'), { nodes, pods: there({}) })).toEqual({
      a: 'unschedulable: Too many pods',
    })
  })

  // Upstream: resource.PodRequests.
  test.each<[string, object, string]>([
    ['containers add up', { containers: [container('2'), container('2100m')] }, 'unresolvable: Insufficient cpu'],
    ['init containers run one after the other', { initContainers: [container('4'), container('3')] }, 'fits'],
    ['the largest init container counts', { initContainers: [container('4100m')] }, 'unresolvable: Insufficient cpu'],
    [
      'sidecars run beside the containers',
      { initContainers: [container('2', always)], containers: [container('2100m')] },
      'unresolvable: Insufficient cpu',
    ],
    [
      'and beside later init containers',
      { initContainers: [container('2', always), container('2100m')] },
      'unresolvable: Insufficient cpu',
    ],
    ['not beside earlier ones', { initContainers: [container('4'), container('2', always)] }, 'fits'],
    [
      'overhead comes on top',
      { containers: [container('4')], overhead: { cpu: '1m' } },
      'unresolvable: Insufficient cpu',
    ],
  ])('%s', (_name, spec, expected) => {
    expect(verdicts(nodeResourcesFit, podOf('p', { ...spec }), { nodes: [nodeOf('a')] })).toEqual({ a: expected })
  })
})

describe('score', () => {
  test.each<[string, Record<string, string>, number]>([
    ['half of both left', { cpu: '2', memory: '4Gi' }, 50],
    ['half of one, a quarter of the other', { cpu: '2', memory: '6Gi' }, 37],
    ['nothing left', { cpu: '4', memory: '8Gi' }, 0],
  ])('%s', (_name, requests, expected) => {
    expect(scoresOf(nodeResourcesFit, podWith('p', requests), { nodes: [nodeOf('a')] })).toEqual([expected])
  })

  test('a container that asks for nothing is taken for 100m and 200 MiB', () => {
    const nodes = [nodeOf('a', { allocatable: { cpu: '200m', memory: String(400 * 1024 * 1024) } })]
    expect(scoresOf(nodeResourcesFit, podOf('p'), { nodes })).toEqual([50])
  })
})
