import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { volumeZone } from './plugin.ts'

const zone = 'topology.kubernetes.io/zone'
const oldZone = 'failure-domain.beta.kubernetes.io/zone'
const nodes = [nodeOf('a', { labels: { [zone]: 'a' } }), nodeOf('b', { labels: { [zone]: 'b' } }), nodeOf('nowhere')]
const object = (metadata: object, rest: object) => ({ metadata, ...rest }) as unknown as KubeObject
const claim = object({ name: 'data', namespace: 'default' }, { spec: { volumeName: 'pv' } })
const pod = podOf('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] })
const elsewhere = 'unresolvable: node(s) had no available volume zone'

test.each<[string, Record<string, string> | undefined, unknown]>([
  ['a volume of one zone', { [zone]: 'a' }, { a: 'fits', b: elsewhere, nowhere: 'fits' }],
  ['by the old label', { [oldZone]: 'b' }, { a: elsewhere, b: 'fits', nowhere: 'fits' }],
  ['a volume of several zones', { [zone]: 'a__c' }, { a: 'fits', b: elsewhere, nowhere: 'fits' }],
  [
    'a region that no node has',
    { 'topology.kubernetes.io/region': 'x' },
    { a: elsewhere, b: elsewhere, nowhere: 'fits' },
  ],
  ['a volume that is nowhere', {}, 'skip'],
  ['a volume without labels', undefined, 'skip'],
])('%s', (_name, labels, expected) => {
  const persistentvolumes = [object({ name: 'pv', labels }, { spec: {} })]
  expect(verdicts(volumeZone, pod, { nodes, objects: { persistentvolumes, persistentvolumeclaims: [claim] } })).toEqual(
    expected,
  )
})
