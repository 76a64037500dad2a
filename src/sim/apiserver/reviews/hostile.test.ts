import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCluster } from '../../cluster.ts'
import { administrator } from '../authentication.ts'
import { handleRequest } from '../http.ts'

const paths = [
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authorization.k8s.io/v1/subjectaccessreviews',
  '/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews',
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
  '/apis/authentication.k8s.io/v1/selfsubjectreviews',
  '/apis/authentication.k8s.io/v1/tokenreviews',
  '/api/v1/namespaces/default/serviceaccounts/default/token',
]
const word = fc.constantFrom('a', '', '*', '__proto__', 'constructor', 'v1', 'Pod', 'default', 'system:masters', '../x')
const leaf = fc.oneof(word, fc.integer(), fc.constant(null), fc.boolean(), fc.double())
const field = fc.constantFrom(
  'resourceAttributes',
  'nonResourceAttributes',
  'user',
  'groups',
  'extra',
  'namespace',
  'verb',
  'resource',
  'path',
  'token',
  'audiences',
  'expirationSeconds',
  'boundObjectRef',
  'fieldSelector',
  '__proto__',
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('map')),
  map: fc.dictionary(field, tie('value'), { maxKeys: 4 }),
}))
const headers = fc.dictionary(
  fc.constantFrom(
    'impersonate-user',
    'impersonate-group',
    'impersonate-uid',
    'impersonate-extra-a',
    'impersonate-extra-%zz',
    'impersonate-extra-__proto__',
    'authorization',
  ),
  fc.oneof(
    word,
    fc.constantFrom('Bearer a.b.c', 'Bearer ..', 'Basic eDp5', 'system:serviceaccount:default:default', 'a,b,,'),
  ),
)

test('whatever is asked, in whoever’s name, there is an answer and nothing changes', () => {
  const cluster = createCluster()
  cluster.runFor(1000)
  const { revision } = cluster.api.etcd
  fc.assert(
    fc.property(fc.constantFrom(...paths), value, headers, fc.boolean(), (path, spec, more, isAdmin) => {
      const answer = handleRequest(cluster.api, {
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', ...more },
        body: JSON.stringify({ spec }),
        ...(isAdmin && { identity: administrator }),
      })
      const isUnnamed = !more['impersonate-user'] && Object.keys(more).some((name) => name.startsWith('impersonate'))
      if (!isUnnamed) expect(answer.status, answer.body).toBeLessThan(500)
      expect(answer.body).not.toMatch(/Cannot read|is not a function|is not iterable|undefined/)
    }),
    { numRuns: 1500 },
  )
  expect(cluster.api.etcd.revision).toBe(revision)
})
