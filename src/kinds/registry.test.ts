import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../machinery/objects.ts'
import { row } from './kind-cases.test-helper.ts'
import { referencesOf } from './references.ts'
import { kindByResource, kindFor, kinds, kindVersions } from './registry.ts'

describe('the registry', () => {
  it('has every kind that is served by default, each with its schema and a row', () => {
    expect(kinds.size).toBeGreaterThan(55)
    for (const kind of kindVersions) {
      expect(kind.schema, kind.kind).toMatch(/^io\.k8s\./)
      expect(kind.columns?.length, kind.kind).toBeGreaterThan(0)
      const definition: KubeObject = {
        apiVersion: 'v1',
        kind: kind.kind,
        metadata: { name: 'x', uid: '', resourceVersion: '', creationTimestamp: '2026-01-01T00:00:00Z' },
      }
      expect(row(kind, definition)[kind.plural === 'events' ? 1 : 0], kind.kind).toBe(
        kind.plural === 'events' ? '' : 'x',
      )
    }
  })
  it('finds kinds by group, version and kind or plural', () => {
    expect(kindFor('apps', 'v1', 'Deployment')).toBe(kindByResource('apps', 'v1', 'deployments'))
    expect(kindFor('apps', 'v1beta1', 'Deployment')).toBeUndefined()
    expect(kindFor('networking.k8s.io', 'v1', 'NetworkPolicy')?.support).toBe('stored')
  })
  it('knows owners by their kind', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u' }
    expect(
      referencesOf({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'p',
          namespace: 'demo',
          uid: '',
          resourceVersion: '',
          creationTimestamp: '',
          ownerReferences: [owner],
        },
      }),
    ).toEqual([{ type: 'owner', resource: 'replicasets.apps', namespace: 'demo', name: 'web-1' }])
  })
})
