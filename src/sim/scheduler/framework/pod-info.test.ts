import { describe, expect, test } from 'vitest'
import { podOf } from '../../testing/scheduling.ts'
import { podInfoOf } from './pod-info.ts'

const mebibyte = 1024 * 1024
const asks = (requests?: Record<string, string>, more = {}) => ({
  name: 'c',
  image: 'app:1',
  resources: { requests },
  ...more,
})
const sidecar = { restartPolicy: 'Always' }

/** CPU and MiB: what it asks for, and what it is taken to ask for when nodes are scored. */
function sums(spec: Record<string, unknown>): number[] {
  const { requests, nonZeroMilliCPU, nonZeroMemory } = podInfoOf(podOf('p', spec))
  return [requests.milliCPU, requests.memory / mebibyte, nonZeroMilliCPU, nonZeroMemory / mebibyte]
}

describe('what a pod asks for', () => {
  test.each<[string, Record<string, unknown>, number[]]>([
    [
      'the sum of its containers',
      { containers: [asks({ cpu: '1' }), asks({ memory: '1Gi' })] },
      [1000, 1024, 1100, 1224],
    ],
    ['the usual for one that names nothing', { containers: [asks()] }, [0, 0, 100, 200]],
    [
      'the largest init container',
      { containers: [asks({ cpu: '1' })], initContainers: [asks({ cpu: '3' }), asks({ cpu: '2' })] },
      [3000, 0, 3000, 200],
    ],
    [
      'sidecars beside everything after them',
      { containers: [asks({ cpu: '1' })], initContainers: [asks({ cpu: '500m' }, sidecar), asks({ cpu: '2' })] },
      [2500, 0, 2500, 400],
    ],
    [
      'overhead on top',
      { containers: [asks({ cpu: '1' })], overhead: { cpu: '250m', memory: '64Mi' } },
      [1250, 64, 1250, 264],
    ],
    [
      'the pod as a whole instead of its containers',
      { containers: [asks({ cpu: '1' }), asks()], resources: { requests: { cpu: '3', memory: '1Gi' } } },
      [3000, 1024, 3000, 1024],
    ],
    [
      'the whole pod with overhead',
      { containers: [asks()], resources: { requests: { cpu: '2', memory: '1Gi' } }, overhead: { cpu: '100m' } },
      [2100, 1024, 2100, 1024],
    ],
    [
      'what the whole pod does not name, as its containers do',
      { containers: [asks({ memory: '1Gi' }), asks()], resources: { requests: { cpu: '2' } } },
      [2000, 1024, 2000, 1024],
    ],
    [
      'the usual of what neither names',
      { containers: [asks(), asks()], resources: { requests: { cpu: '2' } } },
      [2000, 0, 2000, 400],
    ],
  ])('%s', (_name, spec, expected) => expect(sums(spec)).toEqual(expected))
})

describe('a pod that is being resized', () => {
  const held = (requests: object, more = {}) => [{ name: 'c', resources: { requests }, ...more }]
  const infeasible = [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }]
  test.each<[string, object, number]>([
    ['asks for what it wants when it holds that', { containerStatuses: held({ cpu: '1000m' }) }, 1000],
    ['asks for what it holds while that is more', { containerStatuses: held({ cpu: '3' }) }, 3000],
    ['asks for what it wants while it holds less', { containerStatuses: held({ cpu: '500m' }) }, 1000],
    ['asks for what it was allocated', { containerStatuses: held({}, { allocatedResources: { cpu: '2' } }) }, 2000],
    [
      'asks for what it holds when it can never have more',
      { containerStatuses: held({ cpu: '500m' }), conditions: infeasible },
      500,
    ],
    ['asks for what it wants before it runs', {}, 1000],
  ])('%s', (_name, status, expected) => {
    const pod = { ...podOf('p', { containers: [asks({ cpu: '1' })] }), status } as ReturnType<typeof podOf>
    expect(podInfoOf(pod).requests.milliCPU).toBe(expected)
  })
})
