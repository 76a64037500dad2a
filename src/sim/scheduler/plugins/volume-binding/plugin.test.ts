import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { volumeBinding } from './plugin.ts'

const nodes = [nodeOf('a'), nodeOf('b')]
const pod = podOf('p', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] })
const wrongNode = "unresolvable: node(s) didn't match PersistentVolume's node affinity"

const object = (metadata: object, rest: object) => ({ metadata, ...rest }) as unknown as KubeObject
const claim = (metadata: object, spec: object = {}, status: object = {}) =>
  object({ name: 'data', namespace: 'default', ...metadata }, { spec, status })
const bound = claim(
  { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
  { volumeName: 'pv' },
  { phase: 'Bound' },
)
const volume = (nodeAffinity?: object) => object({ name: 'pv' }, { spec: { nodeAffinity } })
const onlyA = {
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['a'] }] }],
  },
}
const lazy = object({ name: 'lazy' }, { volumeBindingMode: 'WaitForFirstConsumer' })
const eager = object({ name: 'lazy' }, { volumeBindingMode: 'Immediate' })
const pending = (annotations = {}) => claim({ annotations }, { storageClassName: 'lazy' }, { phase: 'Pending' })

test.each<[string, KubeObject[], KubeObject[], KubeObject[], unknown]>([
  ['a bound volume without affinity reaches every node', [bound], [volume()], [], { a: 'fits', b: 'fits' }],
  ['a bound volume of one node keeps the pod there', [bound], [volume(onlyA)], [], { a: 'fits', b: wrongNode }],
  ['a claim that waits for its consumer goes anywhere', [pending()], [], [lazy], { a: 'fits', b: 'fits' }],
  [
    'one that was told of a node goes there',
    [pending({ 'volume.kubernetes.io/selected-node': 'b' })],
    [],
    [lazy],
    { a: wrongNode, b: 'fits' },
  ],
  [
    'one that is bound at once is waited for',
    [pending()],
    [],
    [eager],
    'unresolvable: pod has unbound immediate PersistentVolumeClaims',
  ],
  ['no such claim', [], [], [], 'unresolvable: persistentvolumeclaim "data" not found'],
  [
    'a claim that goes',
    [claim({ deletionTimestamp: '2026-01-01T00:00:00Z' })],
    [],
    [],
    'unresolvable: persistentvolumeclaim "data" is being deleted',
  ],
  [
    'a claim that lost its volume',
    [claim({}, { volumeName: 'pv' }, { phase: 'Lost' })],
    [],
    [],
    'unresolvable: persistentvolumeclaim "data" bound to non-existent persistentvolume "pv"',
  ],
])('%s', (_name, persistentvolumeclaims, persistentvolumes, classes, expected) => {
  const objects = { persistentvolumeclaims, persistentvolumes, 'storageclasses.storage.k8s.io': classes }
  expect(verdicts(volumeBinding, pod, { nodes, objects })).toEqual(expected)
})

test('a pod without claims is not looked at', () => {
  expect(verdicts(volumeBinding, podOf('p'), { nodes })).toBe('skip')
})
