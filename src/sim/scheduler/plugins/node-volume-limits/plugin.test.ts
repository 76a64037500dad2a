import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { nodeVolumeLimits } from './plugin.ts'

const object = (metadata: object, rest: object) => ({ metadata, ...rest }) as unknown as KubeObject
const driver = 'disk.example.com'
const limited = (count?: number, name = driver) =>
  object({ name: 'a' }, { spec: { drivers: [{ name, ...(count !== undefined && { allocatable: { count } }) }] } })
const volume = (name: string) => object({ name }, { spec: { csi: { driver, volumeHandle: name } } })
const claim = (name: string, spec: object) => object({ name, namespace: 'default' }, { spec })
const user = (name: string, claims: string[], nodeName?: string) =>
  podOf(name, {
    nodeName,
    volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  })

const objects = {
  persistentvolumes: [volume('one'), volume('two')],
  persistentvolumeclaims: [
    claim('one', { volumeName: 'one' }),
    claim('same', { volumeName: 'one' }),
    claim('two', { volumeName: 'two' }),
    claim('made', { storageClassName: 'disks' }),
  ],
  'storageclasses.storage.k8s.io': [object({ name: 'disks' }, { provisioner: driver })],
}
const exceeded = 'unschedulable: node(s) exceed max volume count'

test.each<[string, string[], string[], KubeObject[], unknown]>([
  ['there is room', ['two'], ['one'], [limited(2)], { a: 'fits' }],
  ['the limit is reached', ['two'], ['one'], [limited(1)], { a: exceeded }],
  ['the same volume counts once', ['same'], ['one'], [limited(1)], { a: 'fits' }],
  ['two of its own', ['one', 'two'], [], [limited(1)], { a: exceeded }],
  ['one that is yet to be made counts', ['made'], ['one'], [limited(1)], { a: exceeded }],
  ["another driver's limit is another", ['two'], ['one'], [limited(1, 'other.example.com')], { a: 'fits' }],
  ['a driver without a limit', ['two'], ['one'], [limited()], { a: 'fits' }],
  ['a node that says nothing', ['two'], ['one'], [], { a: 'fits' }],
  ['a pod without volumes', [], ['one'], [limited(0)], 'skip'],
])('%s', (_name, wanted, there, csinodes, expected) => {
  const pods = [user('there', there, 'a')]
  const world = { nodes: [nodeOf('a')], pods, objects: { ...objects, 'csinodes.storage.k8s.io': csinodes } }
  expect(verdicts(nodeVolumeLimits, user('p', wanted), world)).toEqual(expected)
})
