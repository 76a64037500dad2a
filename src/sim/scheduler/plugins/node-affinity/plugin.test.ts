import { describe, expect, test } from 'vitest'
import { nodeOf, podOf, scoresOf, verdicts } from '../../../testing/scheduling.ts'
import { nodeAffinity } from './plugin.ts'

const nodes = [
  nodeOf('ssd', { labels: { disk: 'ssd', cores: '8' } }),
  nodeOf('hdd', { labels: { disk: 'hdd', cores: '4' } }),
  nodeOf('bare'),
]
const refused = "unresolvable: node(s) didn't match Pod's node affinity/selector"

const required = (...nodeSelectorTerms: object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
})
const expression = (key: string, operator: string, ...values: string[]) => ({
  key,
  operator,
  ...(values.length && { values }),
})
const term = (...matchExpressions: object[]) => ({ matchExpressions })

function fitting(spec: Record<string, unknown>): string[] {
  const said = verdicts(nodeAffinity, podOf('p', spec), { nodes }) as Record<string, string>
  for (const one of Object.values(said)) expect(['fits', 'left out', refused]).toContain(one)
  return Object.keys(said).filter((name) => said[name] === 'fits')
}

describe('filter', () => {
  test('a pod that wants nothing is not looked at', () => {
    expect(verdicts(nodeAffinity, podOf('p'), { nodes })).toBe('skip')
  })

  test.each<[string, Record<string, unknown>, string[]]>([
    ['a node selector needs every label', { nodeSelector: { disk: 'ssd', cores: '8' } }, ['ssd']],
    ['In', required(term(expression('disk', 'In', 'ssd', 'nvme'))), ['ssd']],
    ['NotIn is met by a node without the label', required(term(expression('disk', 'NotIn', 'ssd'))), ['hdd', 'bare']],
    ['Exists', required(term(expression('disk', 'Exists'))), ['ssd', 'hdd']],
    ['DoesNotExist', required(term(expression('disk', 'DoesNotExist'))), ['bare']],
    ['Gt compares numbers', required(term(expression('cores', 'Gt', '4'))), ['ssd']],
    ['Lt compares numbers', required(term(expression('cores', 'Lt', '8'))), ['hdd']],
    [
      'expressions of a term hold together',
      required(term(expression('disk', 'Exists'), expression('cores', 'Lt', '8'))),
      ['hdd'],
    ],
    [
      'terms are alternatives',
      required(term(expression('disk', 'In', 'ssd')), term(expression('disk', 'DoesNotExist'))),
      ['ssd', 'bare'],
    ],
    ['a field names the node', required({ matchFields: [expression('metadata.name', 'In', 'bare')] }), ['bare']],
    [
      'two fields name what both name',
      required({
        matchFields: [expression('metadata.name', 'In', 'bare', 'ssd'), expression('metadata.name', 'In', 'ssd')],
      }),
      ['ssd'],
    ],
    [
      'a term without a name leaves all nodes in',
      required({ matchFields: [expression('metadata.name', 'In', 'bare')] }, term(expression('disk', 'In', 'ssd'))),
      ['ssd', 'bare'],
    ],
    ['an empty term matches nothing', required({}), []],
    [
      'selector and affinity both count',
      { nodeSelector: { disk: 'ssd' }, ...required(term(expression('cores', 'Lt', '8'))) },
      [],
    ],
  ])('%s', (_name, spec, expected) => {
    expect(fitting(spec)).toEqual(expected)
  })
})

test('preferences add their weights and the best gets 100', () => {
  const preferred = [
    { weight: 30, preference: term(expression('disk', 'Exists')) },
    { weight: 30, preference: term(expression('disk', 'In', 'ssd')) },
  ]
  const pod = podOf('p', { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } })
  expect(scoresOf(nodeAffinity, pod, { nodes })).toEqual([100, 50, 0])
  expect(scoresOf(nodeAffinity, podOf('p'), { nodes })).toBe('skip')
})
