import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../machinery/objects.ts'
import { handleOf, nodeOf, podOf, verdicts } from '../../../testing/scheduling.ts'
import { preFilter, Trial } from '../../framework/filtering.ts'
import { podInfoOf } from '../../framework/pod-info.ts'
import { volumeRestrictions } from './plugin.ts'

const nodes = [nodeOf('a'), nodeOf('b')]
const claim = (accessMode: string, namespace = 'default') =>
  ({ metadata: { name: 'data', namespace }, spec: { accessModes: [accessMode] } }) as unknown as KubeObject
const user = (name: string, nodeName?: string, namespace = 'default') =>
  podOf(name, { nodeName, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }, {}, namespace)
const noDisk = 'unschedulable: node(s) had no available disk'
const disk = (volume: object, nodeName?: string, name = 'q') =>
  podOf(name, { nodeName, volumes: [{ name: 'v', ...volume }] })
const gce = (readOnly?: boolean) => ({ gcePersistentDisk: { pdName: 'd', ...(readOnly && { readOnly }) } })
const rbd = (monitors: string[], image = 'i') => ({ rbd: { monitors, image } })
const inUse =
  'unschedulable: node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod'

test.each<[string, KubeObject, KubeObject[], KubeObject[], unknown]>([
  ['nobody uses it', user('p'), [], [claim('ReadWriteOncePod')], { a: 'fits', b: 'fits' }],
  ['another pod on any node uses it', user('p'), [user('q', 'a')], [claim('ReadWriteOncePod')], { a: inUse, b: inUse }],
  [
    'a claim of the same name elsewhere is another',
    user('p'),
    [user('q', 'a', 'other')],
    [claim('ReadWriteOncePod'), claim('ReadWriteOncePod', 'other')],
    { a: 'fits', b: 'fits' },
  ],
  ['other modes may be shared', user('p'), [user('q', 'a')], [claim('ReadWriteOnce')], 'skip'],
  ['a disk that another pod there writes', disk(gce()), [disk(gce(), 'a')], [], { a: noDisk, b: 'fits' }],
  ['a disk that one of two writes', disk(gce(true)), [disk(gce(), 'a')], [], { a: noDisk, b: 'fits' }],
  ['a disk that both only read', disk(gce(true)), [disk(gce(true), 'a')], [], { a: 'fits', b: 'fits' }],
  ['images of one store', disk(rbd(['m', 'n'])), [disk(rbd(['n']), 'a')], [], { a: noDisk, b: 'fits' }],
  ['images of two stores', disk(rbd(['m'])), [disk(rbd(['n']), 'a')], [], { a: 'fits', b: 'fits' }],
  ['no claims', podOf('p'), [user('q', 'a')], [claim('ReadWriteOncePod')], 'skip'],
  ['a claim that is not there', user('p'), [], [], 'unresolvable: persistentvolumeclaim "data" not found'],
])('%s', (_name, pod, pods, persistentvolumeclaims, expected) => {
  expect(verdicts(volumeRestrictions, pod, { nodes, pods, objects: { persistentvolumeclaims } })).toEqual(expected)
})

test('on paper, who uses it may go, and the count it was copied from stays', () => {
  const other = user('q', 'a')
  const handle = handleOf({ nodes, pods: [other], objects: { persistentvolumeclaims: [claim('ReadWriteOncePod')] } })
  const pod = podInfoOf(user('p'))
  const filtering = preFilter([volumeRestrictions], pod, handle)
  const trial = new Trial(filtering, pod, handle.nodes()[0]!, handle)
  trial.remove(podInfoOf(other))
  expect(trial.check()).toBeUndefined()
  expect(new Trial(filtering, pod, handle.nodes()[0]!, handle).check()).toBeDefined()
})
