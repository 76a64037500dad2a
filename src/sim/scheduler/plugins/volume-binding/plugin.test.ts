import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { handleOf, nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { podInfoOf } from '../../framework/pod-info.ts'
import { volumeBinding } from './plugin.ts'

const nodes = [nodeOf('a'), nodeOf('b')]
const pod = podOf('p', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] })
const wrongNode = "unresolvable: node(s) didn't match PersistentVolume's node affinity"

const nothingToBind = "unresolvable: node(s) didn't find available persistent volumes to bind"
const noVolume = 'unresolvable: node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'

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
const lazy = object({ name: 'lazy' }, { volumeBindingMode: 'WaitForFirstConsumer', provisioner: 'disk.example.com' })
const byHand = object(
  { name: 'lazy' },
  { volumeBindingMode: 'WaitForFirstConsumer', provisioner: 'kubernetes.io/no-provisioner' },
)
const zoned = (zone: string) =>
  object(
    { name: 'lazy' },
    {
      volumeBindingMode: 'WaitForFirstConsumer',
      provisioner: 'disk.example.com',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'kubernetes.io/hostname', values: [zone] }] }],
    },
  )
const free = (nodeAffinity?: object, more = {}) =>
  object(
    { name: 'pv' },
    {
      spec: { storageClassName: 'lazy', capacity: { storage: '1Gi' }, nodeAffinity, ...more },
      status: { phase: 'Available' },
    },
  )
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
    { a: nothingToBind, b: 'fits' },
  ],
  [
    'without a provisioner it goes where a volume is',
    [pending()],
    [free(onlyA)],
    [byHand],
    { a: 'fits', b: nothingToBind },
  ],
  [
    "a volume that is another claim's is none",
    [pending()],
    [free(undefined, { claimRef: { namespace: 'default', name: 'other' } })],
    [byHand],
    { a: nothingToBind, b: nothingToBind },
  ],
  ['a volume is made where its class allows', [pending()], [], [zoned('b')], { a: nothingToBind, b: 'fits' }],
  ['its volume is not there', [bound], [], [], { a: noVolume, b: noVolume }],
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

const driver = object({ name: 'disk.example.com' }, { spec: { storageCapacity: true } })
const capacity = (room: object) =>
  object(
    { name: 'c', namespace: 'default' },
    { storageClassName: 'lazy', nodeTopology: { matchLabels: { 'kubernetes.io/hostname': 'a' } }, ...room },
  )
const sized = claim({}, { storageClassName: 'lazy', resources: { requests: { storage: '5Gi' } } }, { phase: 'Pending' })
const noSpace = 'unresolvable: node(s) did not have enough free storage'

test.each<[string, KubeObject[], KubeObject[], unknown]>([
  ['who publishes nothing has enough', [], [], { a: 'fits', b: 'fits' }],
  [
    'a driver makes volumes only where it has room',
    [driver],
    [capacity({ capacity: '10Gi' })],
    { a: 'fits', b: noSpace },
  ],
  ['what is left is too little', [driver], [capacity({ capacity: '4Gi' })], { a: noSpace, b: noSpace }],
  [
    'one volume can not have all that is left',
    [driver],
    [capacity({ capacity: '10Gi', maximumVolumeSize: '4Gi' })],
    { a: noSpace, b: noSpace },
  ],
])('%s', (_name, drivers, capacities, expected) => {
  const objects = {
    persistentvolumeclaims: [sized],
    'storageclasses.storage.k8s.io': [lazy],
    'csidrivers.storage.k8s.io': drivers,
    'csistoragecapacities.storage.k8s.io': capacities,
  }
  expect(verdicts(volumeBinding, pod, { nodes, objects })).toEqual(expected)
})

test('a volume that is set aside for one pod is none for the next, until it is given back', () => {
  const handle = handleOf({
    nodes: [nodeOf('a')],
    objects: {
      persistentvolumeclaims: [pending(), claim({ name: 'more' }, { storageClassName: 'lazy' }, { phase: 'Pending' })],
      persistentvolumes: [free()],
      'storageclasses.storage.k8s.io': [byHand],
    },
  })
  const [node] = handle.nodes()
  const second = podInfoOf(podOf('q', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'more' } }] }))
  expect(volumeBinding.reserve!(podInfoOf(pod), node!, handle)).toBeUndefined()
  expect(volumeBinding.reserve!(second, node!, handle)).toMatchObject({ code: 'unresolvable' })
  volumeBinding.unreserve!(podInfoOf(pod), handle)
  expect(volumeBinding.reserve!(second, node!, handle)).toBeUndefined()
})

test('a pod without claims is not looked at', () => {
  expect(verdicts(volumeBinding, podOf('p'), { nodes })).toBe('skip')
})
