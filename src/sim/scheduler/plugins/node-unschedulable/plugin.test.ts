import { expect, test } from 'vitest'
import { nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { nodeUnschedulable } from './plugin.ts'

const nodes = [nodeOf('open'), nodeOf('cordoned', { spec: { unschedulable: true } })]
const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }]

test.each([
  ['a cordoned node takes no pods', {}, 'unresolvable: node(s) were unschedulable'],
  ['but those that tolerate it', { tolerations }, 'fits'],
])('%s', (_name, spec, cordoned) => {
  expect(verdicts(nodeUnschedulable, podOf('p', spec), { nodes })).toEqual({ open: 'fits', cordoned })
})
