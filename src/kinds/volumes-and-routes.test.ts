import { describe, expect, it } from 'vitest'
import { EventsV1Event } from './event/events-v1.ts'
import { Event } from './event/kind.ts'
import { Ingress } from './ingress/kind.ts'
import { created, problems, row, updateProblems } from './kind-cases.test-helper.ts'
import { Lease } from './lease/kind.ts'
import { PersistentVolume } from './persistentvolume/kind.ts'
import { PersistentVolumeClaim } from './persistentvolumeclaim/kind.ts'
import { ServiceAccount } from './serviceaccount/kind.ts'
import { StorageClass } from './storageclass/kind.ts'

describe('volumes', () => {
  const volume = (spec: object = {}) => ({
    spec: { capacity: { storage: '5Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/mnt' }, ...spec },
  })
  const claim = (spec: object = {}) => ({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  })

  it('a volume is kept and mounted as a filesystem by default', () => {
    expect(created(PersistentVolume, volume())).toMatchObject({
      spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem', hostPath: { path: '/mnt', type: '' } },
      status: { phase: 'Pending' },
    })
  })
  it.each<[string, object, string[]]>([
    ['a sound volume', volume(), []],
    ['a volume without a size', volume({ capacity: undefined }), ['spec.capacity: Required value']],
    ['a volume of nothing', volume({ hostPath: undefined }), ['spec: Required value: must specify a volume type']],
    [
      'a volume of two kinds',
      volume({ nfs: { server: 's', path: '/' } }),
      ['spec.nfs: Forbidden: may not specify more than 1 volume type'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(PersistentVolume, object)).toEqual(expected))
  it.each<[string, object, string[]]>([
    ['a sound claim', claim(), []],
    ['a claim for nothing', claim({ resources: {} }), ['spec.resources[storage]: Required value']],
    [
      'a claim of no mode',
      claim({ accessModes: [] }),
      ['spec.accessModes: Required value: at least 1 access mode is required'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(PersistentVolumeClaim, object)).toEqual(expected))
  it('a claim keeps its class, and shows what changed', () => {
    expect(
      updateProblems(
        PersistentVolumeClaim,
        claim({ storageClassName: 'none-such' }),
        claim({ storageClassName: 'other' }),
      ),
    ).toEqual([
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -10,7 +10,7 @@\n   }\n  },\n  "VolumeName": "",\n- "StorageClassName": "none-such",\n+ "StorageClassName": "other",\n  "VolumeMode": "Filesystem",\n  "DataSource": null,\n  "DataSourceRef": null,\n',
    ])
  })
  it('the binder may fill in the volume', () =>
    expect(updateProblems(PersistentVolumeClaim, claim(), claim({ volumeName: 'pv-1' }))).toEqual([]))
  it('a bound claim shows its capacity', () => {
    const bound = {
      ...created(PersistentVolumeClaim, claim({ volumeName: 'pv', storageClassName: 'standard' })),
      status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] },
    }
    expect(row(PersistentVolumeClaim, bound)).toEqual([
      'x',
      'Bound',
      'pv',
      '1Gi',
      'RWO',
      'standard',
      '<unset>',
      '<unknown>',
    ])
  })
  it('a class says when it binds and what becomes of its volumes', () => {
    const storageClass = created(StorageClass, {
      provisioner: 'example.com/disk',
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    })
    expect(row(StorageClass, storageClass)).toEqual([
      'x (default)',
      'example.com/disk',
      'Delete',
      'Immediate',
      false,
      '<unknown>',
    ])
    expect(problems(StorageClass, {})).toEqual(['provisioner: Required value'])
    expect(updateProblems(StorageClass, { provisioner: 'a' }, { provisioner: 'b' })).toEqual([
      'provisioner: Invalid value: "b": field is immutable',
    ])
  })
})

describe('Ingress', () => {
  const ingress = (paths: object[]) => ({ spec: { rules: [{ http: { paths } }] } })
  const backend = { service: { name: 'cart', port: { number: 80 } } }
  it.each<[string, object, string[]]>([
    ['a sound one', ingress([{ path: '/', pathType: 'Prefix', backend }]), []],
    [
      'nothing at all',
      { spec: {} },
      ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    ],
    [
      'a path of no type',
      ingress([{ path: '/', backend }]),
      ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
    ],
    [
      'a relative path',
      ingress([{ path: 'cart', pathType: 'Exact', backend }]),
      ['spec.rules[0].http.paths[0].path: Invalid value: "cart": must be an absolute path'],
    ],
    [
      'a backend without a port',
      ingress([{ path: '/', pathType: 'Prefix', backend: { service: { name: 's' } } }]),
      ['spec.rules[0].http.paths[0].backend: Required value: port name or number is required'],
    ],
  ])('%s', (_name, object, expected) => expect(problems(Ingress, object)).toEqual(expected))
  it('routes to its services', () => {
    const object = created(Ingress, {
      spec: { ...ingress([{ path: '/', pathType: 'Prefix', backend }]).spec, tls: [{ secretName: 'cert' }] },
    })
    expect(Ingress.references!(object).map(({ type, resource, name }) => `${type} ${resource}/${name}`)).toEqual([
      'route services/cart',
      'uses secrets/cert',
    ])
    expect(row(Ingress, object)).toEqual(['x', '<none>', '*', '', '80, 443', '<unknown>'])
  })
})

describe('the small ones', () => {
  it('a lease lasts', () =>
    expect(problems(Lease, { spec: { leaseDurationSeconds: 0 } })).toEqual([
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
    ]))
  it('a lease shows its holder', () =>
    expect(row(Lease, created(Lease, { spec: { holderIdentity: 'me' } }))).toEqual(['x', 'me', '<unknown>']))
  it('an account shows its age', () =>
    expect(row(ServiceAccount, created(ServiceAccount, {}))).toEqual(['x', '<unknown>']))
  it('an event is about something in its own namespace', () => {
    expect(problems(Event, { involvedObject: { kind: 'Pod', name: 'p', namespace: 'demo' } })).toEqual([])
    expect(problems(Event, { involvedObject: { kind: 'Pod', name: 'p', namespace: 'other' } })).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ])
  })
  it('an event reads the same from both groups', () => {
    const event = created(Event, {
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'demo' },
      reason: 'Scheduled',
      message: 'm',
      type: 'Normal',
    })
    const newer = EventsV1Event.view!.fromStored(event)
    expect(newer).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { kind: 'Pod', name: 'p' },
      note: 'm',
      reason: 'Scheduled',
    })
    expect(row(EventsV1Event, newer)).toEqual(row(Event, event))
  })
})
