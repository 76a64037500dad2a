import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../lib/freeze.ts'
import { decodeStrict } from './decode.ts'
import type { StatusError } from './errors.ts'
import { applyServerSide, trackUpdate } from './server-side-apply.ts'

const configMap = 'io.k8s.api.core.v1.ConfigMap'
const deployment = 'io.k8s.api.apps.v1.Deployment'
const time = '2026-01-01T00:00:00Z'

const apply = (live: any, applied: any, manager: string, options: { force?: boolean; schema?: string } = {}) => {
  const schema = options.schema ?? configMap
  const apiVersion = schema === configMap ? 'v1' : 'apps/v1'
  const kind = schema === configMap ? 'ConfigMap' : 'Deployment'
  const full = deepFreeze({ apiVersion, kind, ...applied, metadata: { name: 'c', ...applied.metadata } })
  return applyServerSide({
    live: live && deepFreeze(live),
    applied: full,
    schema,
    manager,
    force: options.force ?? false,
    apiVersion,
    time,
  }).object
}
const owners = (object: any) =>
  Object.fromEntries(
    object.metadata.managedFields.map((entry: any) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]),
  )
const messageOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return (error as StatusError).message
  }
  return 'no error'
}

describe('applyServerSide', () => {
  it('owns exactly what was sent', () => {
    const object = apply(undefined, { metadata: { labels: { app: 'x' } }, data: { a: '1' } }, 'alpha')
    expect(owners(object)).toEqual({
      'alpha Apply': { 'f:metadata': { 'f:labels': { 'f:app': {} } }, 'f:data': { 'f:a': {} } },
    })
  })

  it('removes what the manager no longer sends and nobody else owns', () => {
    const first = apply(
      undefined,
      { metadata: { annotations: { note: 'x' } }, data: { mine: '1', shared: '1' } },
      'alpha',
    )
    const second = apply(first, { data: { shared: '1', other: '1' } }, 'beta')
    const third = apply(second, { data: {} }, 'alpha')
    expect(third.data).toEqual({ shared: '1', other: '1' })
    expect(third.metadata.annotations).toBeUndefined()
    expect(owners(third)).toEqual({
      'alpha Apply': { 'f:data': {} },
      'beta Apply': { 'f:data': { 'f:shared': {}, 'f:other': {} } },
    })
  })

  it('refuses to change what others own, unless forced', () => {
    const live = apply(
      undefined,
      { spec: { replicas: 0, template: { spec: { containers: [{ name: 'c', image: 'c:1' }] } } } },
      'alpha',
      { schema: deployment },
    )
    const change = { spec: { replicas: 2, template: { spec: { containers: [{ name: 'c', image: 'c:2' }] } } } }
    expect(messageOf(() => apply(live, { spec: { replicas: 1 } }, 'beta', { schema: deployment }))).toBe(
      'Apply failed with 1 conflict: conflict with "alpha": .spec.replicas',
    )
    expect(messageOf(() => apply(live, change, 'beta', { schema: deployment }))).toBe(
      'Apply failed with 2 conflicts: conflicts with "alpha":\n- .spec.replicas\n- .spec.template.spec.containers[name="c"].image',
    )
    const forced = apply(live, change, 'beta', { schema: deployment, force: true })
    expect(forced.spec.replicas).toBe(2)
    expect(owners(forced)['alpha Apply']).toEqual({
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:name': {} } } } } },
    })
  })

  it('takes the same value without a conflict and shares its ownership', () => {
    const live = apply(undefined, { data: { a: '1' } }, 'alpha')
    expect(Object.keys(owners(apply(live, { data: { a: '1' } }, 'beta')))).toEqual(['alpha Apply', 'beta Apply'])
  })

  it('merges lists by key and puts what is new where it was sent', () => {
    const container = (name: string) => ({ name, image: `${name}:1` })
    const live = apply(
      undefined,
      { spec: { template: { spec: { containers: [container('a'), container('b')] } } } },
      'alpha',
      { schema: deployment },
    )
    const next = apply(
      live,
      { spec: { template: { spec: { containers: [container('new'), container('b')] } } } },
      'beta',
      { schema: deployment },
    )
    expect(next.spec.template.spec.containers.map(({ name }: any) => name)).toEqual(['a', 'new', 'b'])
  })

  it('refuses what has the right shape and is no value of its type', () => {
    const limits = {
      spec: { template: { spec: { containers: [{ name: 'c', resources: { limits: { cpu: 'much' } } }] } } },
    }
    expect(messageOf(() => apply(undefined, limits, 'm', { schema: deployment }))).toMatch(
      /^failed to convert new object \(\/c; apps\/v1, Kind=Deployment\) to proper version \(apps\/v1\): .* quantities must match the regular expression/,
    )
  })

  it('names what the schema does not know, and list items that come twice', () => {
    expect(messageOf(() => apply(undefined, { dta: {} }, 'm'))).toBe(
      'failed to create typed patch object (/c; /v1, Kind=ConfigMap): .dta: field not declared in schema',
    )
    const twice = { spec: { template: { spec: { containers: [{ name: 'c' }, { name: 'c' }] } } } }
    expect(messageOf(() => apply(undefined, twice, 'm', { schema: deployment }))).toBe(
      'failed to create typed patch object (/c; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="c"]',
    )
  })
})

describe('trackUpdate', () => {
  const track = (old: any, next: any, manager: string, schema = configMap, subresource = '') =>
    trackUpdate({ old, new: deepFreeze(next), manager, apiVersion: 'v1', time, schema, subresource }) as any[]

  it('gives the writer what it set and takes it from the others', () => {
    const created = { metadata: { name: 'c' }, data: { a: '1', b: '1' } }
    const first = track(undefined, created, 'creator')
    expect(first.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['creator', { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } }],
    ])
    const old = { ...created, metadata: { ...created.metadata, managedFields: first } }
    const second = track(old, { ...old, data: { a: '1', b: '2' } }, 'editor')
    expect(second.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['creator', { 'f:data': { '.': {}, 'f:a': {} } }],
      ['editor', { 'f:data': { 'f:b': {} } }],
    ])
  })

  it('lets nobody own what is gone', () => {
    const old = {
      metadata: {
        name: 'c',
        managedFields: track(undefined, { metadata: { name: 'c' }, data: { a: '1', b: '1' } }, 'creator'),
      },
      data: { a: '1', b: '1' },
    }
    expect(
      track(old, { ...old, data: { a: '1' } }, 'editor').map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
    ).toEqual([['creator', { 'f:data': { '.': {}, 'f:a': {} } }]])
  })

  it('gives back the same list when nothing changed', () => {
    const managedFields = track(undefined, { metadata: { name: 'c' }, data: { a: '1' } }, 'creator')
    const old = { metadata: { name: 'c', managedFields }, data: { a: '1' } }
    expect(track(old, { ...old, metadata: { ...old.metadata, resourceVersion: '2' } }, 'other')).toBe(managedFields)
  })

  it('keeps the status apart from the rest', () => {
    const pod = decodeStrict(
      { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'c:1' }] }, status: { phase: 'Pending' } },
      'io.k8s.api.core.v1.Pod',
    ).object
    const created = track(undefined, pod, 'creator', 'io.k8s.api.core.v1.Pod')
    expect(created[0].fieldsV1['f:status']).toBeUndefined()
    const old = { ...pod, metadata: { ...pod.metadata, managedFields: created } }
    const running = track(old, { ...old, status: { phase: 'Running' } }, 'kubelet', 'io.k8s.api.core.v1.Pod', 'status')
    expect(running.map(({ manager, subresource, fieldsV1 }) => [manager, subresource, Object.keys(fieldsV1)])).toEqual([
      ['creator', undefined, ['f:spec']],
      ['kubelet', 'status', ['f:status']],
    ])
  })

  it('merges the oldest writers once there are more than ten', () => {
    let object: any = { metadata: { name: 'c' }, data: {} }
    for (let index = 0; index < 14; index++) {
      const next = { ...object, data: { ...object.data, [`k${index}`]: 'v' } }
      const managedFields = trackUpdate({
        old: object,
        new: next,
        manager: `m${index}`,
        apiVersion: 'v1',
        time: `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`,
        schema: configMap,
      })
      object = { ...next, metadata: { ...next.metadata, managedFields } }
    }
    const managers = object.metadata.managedFields.map(({ manager }: any) => manager)
    expect(managers).toHaveLength(10)
    expect(managers).toContain('ancient-changes')
  })
})
