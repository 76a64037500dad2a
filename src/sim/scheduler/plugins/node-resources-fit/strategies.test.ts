import { expect, test } from 'vitest'
import { nodeOf, podWith, scoresOf, verdicts } from '../../../testing/scheduling.ts'
import { balancedAllocationWith } from '../node-resources-balanced-allocation/resources.ts'
import { nodeResourcesBalancedAllocation } from '../node-resources-balanced-allocation/plugin.ts'
import { nodeResourcesFit } from './plugin.ts'
import { nodeResourcesFitWith, type FitArgs } from './strategies.ts'

const cpuAndMemory = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]
const nodes = [
  nodeOf('a', { allocatable: { cpu: '4', memory: '10000' } }),
  nodeOf('b', { allocatable: { cpu: '6', memory: '10000' } }),
]
const pod = podWith('p', { cpu: '3', memory: '5000' })

// Upstream: TestMostAllocatedScoringStrategy, TestLeastAllocatedScoringStrategy, TestRequestedToCapacityRatioScoringStrategy.
test.each<[string, FitArgs['scoringStrategy'], readonly number[]]>([
  ['the least used', { type: 'LeastAllocated', resources: cpuAndMemory }, [37, 50]],
  ['the most used', { type: 'MostAllocated', resources: cpuAndMemory }, [62, 50]],
  [
    'weights',
    {
      type: 'MostAllocated',
      resources: [
        { name: 'cpu', weight: 2 },
        { name: 'memory', weight: 1 },
      ],
    },
    [66, 50],
  ],
  [
    'a shape that goes down',
    {
      type: 'RequestedToCapacityRatio',
      resources: cpuAndMemory,
      requestedToCapacityRatio: { shape: [{ utilization: 0, score: 10 }, { utilization: 100 }] },
    },
    [38, 50],
  ],
  [
    'a shape with a corner',
    {
      type: 'RequestedToCapacityRatio',
      resources: [{ name: 'cpu', weight: 1 }],
      requestedToCapacityRatio: {
        shape: [
          { utilization: 50, score: 2 },
          { utilization: 80, score: 8 },
        ],
      },
    },
    [70, 20],
  ],
  [
    'what the pod does not want does not count',
    {
      type: 'MostAllocated',
      resources: [
        { name: 'cpu', weight: 1 },
        { name: 'example.com/gpu', weight: 9 },
      ],
    },
    [75, 50],
  ],
])('%s', (_name, scoringStrategy, expected) => {
  expect(scoresOf(nodeResourcesFitWith({ scoringStrategy }), pod, { nodes })).toEqual(expected)
})

test('the defaults score as the plugin does without arguments', () => {
  const scoringStrategy = { type: 'LeastAllocated', resources: cpuAndMemory } as const
  expect(scoresOf(nodeResourcesFitWith({ scoringStrategy }), pod, { nodes })).toEqual(
    scoresOf(nodeResourcesFit, pod, { nodes }),
  )
  expect(scoresOf(balancedAllocationWith({ resources: cpuAndMemory }), pod, { nodes })).toEqual(
    scoresOf(nodeResourcesBalancedAllocation, pod, { nodes }),
  )
})

test.each<[string, Partial<FitArgs>, string]>([
  ['one is ignored', { ignoredResources: ['example.com/gpu'] }, 'fits'],
  ['its group is', { ignoredResourceGroups: ['example.com'] }, 'fits'],
  ['another one is', { ignoredResources: ['example.com/fpga'] }, 'unresolvable: Insufficient example.com/gpu'],
])('of extended resources, %s', (_name, ignored, expected) => {
  const plugin = nodeResourcesFitWith({ ...ignored, scoringStrategy: { type: 'LeastAllocated', resources: [] } })
  const wants = podWith('p', { 'example.com/gpu': '1' })
  expect(verdicts(plugin, wants, { nodes: [nodeOf('a')] })).toEqual({ a: expected })
})
