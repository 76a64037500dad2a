import { describe, expect, test } from 'vitest'
import { kindExamples } from '../../kinds/testing/examples.ts'
import { kindVersions } from '../../kinds/registry.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import { createCluster, type Cluster } from '../cluster.ts'
import { handleRequest } from './http.ts'

const examples = kindExamples()

function openCluster(): Cluster {
  const cluster = createCluster({
    machines: [],
    tokens: [{ token: 'admin', user: { name: 'admin', groups: ['system:masters'] } }],
  })
  for (const name of ['demo', 'other'])
    cluster.api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  cluster.runFor(1_000)
  return cluster
}

function request(cluster: Cluster, method: string, path: string, body?: unknown, contentType = 'application/json') {
  const headers = { authorization: 'Bearer admin', 'content-type': contentType, 'user-agent': 'round-trip/1' }
  const response = handleRequest(cluster.api, {
    method,
    path,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { code: response.status, object: JSON.parse(response.body) }
}

describe('every kind’s example', () => {
  test('there is one for every kind that is stored, in every version', () => {
    const have = new Set(examples.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))
    const served = kindVersions.filter(({ kind }) => kind !== 'ComponentStatus')
    expect(served.map((kind) => `${apiVersionOf(kind)} ${kind.kind}`).filter((name) => !have.has(name))).toEqual([])
  })

  const cluster = openCluster()
  test.each(examples.map((example) => [`${example.apiVersion} ${example.kind}`, example] as const))(
    '%s: applied, read and applied again it does not change',
    (_name, example) => {
      const kind = cluster.api.kinds.ofObject(example)!
      const root = kind.group ? `/apis/${kind.group}/${kind.version}` : '/api/v1'
      const { name, namespace } = example.metadata
      const path = `${root}${namespace ? `/namespaces/${namespace}` : ''}/${kind.plural}/${name}`
      const apply = (body: unknown) =>
        request(
          cluster,
          'PATCH',
          `${path}?fieldManager=m&force=true&fieldValidation=Strict`,
          body,
          'application/apply-patch+yaml',
        )
      const first = apply(example)
      expect(first.code, first.object.message).toBe(201)
      const read = request(cluster, 'GET', path)
      expect(read.object).toEqual(first.object)
      expect(apply(example).object).toEqual(first.object)
      // What was read, put back, changes nothing either.
      const put = request(cluster, 'PUT', path, read.object)
      expect(put.code, put.object.message).toBe(200)
      expect(put.object).toEqual(read.object)
      const { managedFields: _managedFields, ...metadata } = read.object.metadata
      const again = apply({ ...read.object, metadata })
      expect(again.code, again.object.message).toBe(200)
      const { managedFields: _now, ...metadataNow } = again.object.metadata
      const same = { ...again.object, metadata: { ...metadataNow, resourceVersion: metadata.resourceVersion } }
      expect(same).toEqual({ ...read.object, metadata })
    },
  )
})
