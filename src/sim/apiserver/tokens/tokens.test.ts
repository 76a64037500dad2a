import { describe, expect, test } from 'vitest'
import { testCluster } from '../../testing/scenario.ts'
import { authenticate } from '../authentication.ts'
import { createReview } from '../reviews/create-review.ts'
import { createOnlyKind } from '../../../kinds/endpoints.ts'
import { createToken } from './token-request.ts'
import type { Cluster } from '../../cluster.ts'

function ask(cluster: Cluster, spec: object = {}, account = 'default'): any {
  return createToken(cluster.api, 'default', account, { spec })
}

function whoHas(cluster: Cluster, token: string): any {
  return authenticate(cluster.api, { authorization: `Bearer ${token}` }, undefined)
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

test('a token names its account, its audience and its time', () => {
  const cluster = testCluster(1)
  const { spec, status, metadata } = ask(cluster)
  expect(metadata).toMatchObject({ name: 'default', namespace: 'default' })
  expect(spec).toEqual({
    audiences: ['https://kubernetes.default.svc'],
    expirationSeconds: 3600,
    boundObjectRef: null,
  })
  const claims = claimsOf(status.token)
  const { uid } = cluster.api.get('serviceaccounts', 'default/default').metadata
  expect(claims).toMatchObject({
    iss: 'https://kubernetes.default.svc',
    sub: 'system:serviceaccount:default:default',
    aud: ['https://kubernetes.default.svc'],
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'default', uid } },
  })
  expect(claims.exp - claims.iat).toBe(3600)
  expect(whoHas(cluster, status.token)).toEqual({
    name: 'system:serviceaccount:default:default',
    uid,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] },
  })
})

test('a kubelet gets a token that lasts, with a warning', () => {
  const cluster = testCluster(1)
  const { status } = ask(cluster, { expirationSeconds: 3607 })
  const claims = claimsOf(status.token)
  expect(claims.exp - claims.iat).toBe(31_536_000)
  expect(claims['kubernetes.io'].warnafter - claims.iat).toBe(3607)
})

describe('no longer a token is one', () => {
  test.each<[string, (cluster: Cluster, token: string) => string | void]>([
    ['that was changed', (_cluster, token) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    [
      'whose claims were changed',
      (_cluster, token) => {
        const [head, body, signature] = token.split('.')
        const claims = Buffer.from(body!, 'base64url').toString().replace('default:default', 'kube-system:admin')
        return [head, Buffer.from(claims).toString('base64url'), signature].join('.')
      },
    ],
    ['that another cluster made', () => ask(testCluster(1, 2)).status.token],
    ['that has expired', (cluster) => cluster.runFor(3_661_000)],
    ['whose account is gone', (cluster) => cluster.api.delete('serviceaccounts', 'default/default') && undefined],
    [
      'whose account was made anew',
      (cluster) => {
        cluster.api.delete('serviceaccounts', 'default/default')
        cluster.runFor(1000)
        expect(cluster.api.find('serviceaccounts', 'default/default')).toBeDefined()
      },
    ],
    ['of one part', () => 'x'],
    ['of nothing', () => '..'],
    ['that is very long', () => `${'x'.repeat(1_000_000)}.y.z`],
  ])('%s', (_name, spoil) => {
    const cluster = testCluster(1)
    const { token } = ask(cluster).status
    expect(whoHas(cluster, token).name).toBe('system:serviceaccount:default:default')
    const spoiled = spoil(cluster, token) ?? token
    expect(() => whoHas(cluster, spoiled)).toThrow('Unauthorized')
  })

  test('that is for somebody else', () => {
    const cluster = testCluster(1)
    const { token } = ask(cluster, { audiences: ['vault'] }).status
    expect(() => whoHas(cluster, token)).toThrow('Unauthorized')
    const kind = createOnlyKind('authentication.k8s.io', 'v1', 'tokenreviews')!
    const review = (audiences?: string[]): any =>
      createReview(kind, {
        api: cluster.api,
        user: { name: 'x', groups: [] },
        namespace: '',
        body: { spec: { token, audiences } },
      })
    expect(review(['vault']).status).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
      user: { username: 'system:serviceaccount:default:default' },
    })
    expect(review().status).toEqual({
      user: {},
      error: 'token audiences ["vault"] is invalid for the target audiences ["https://kubernetes.default.svc"]',
    })
  })

  test('whose pod is gone', () => {
    const cluster = testCluster(1)
    const pod = cluster.api.create('pods', {
      metadata: { name: 'p', namespace: 'default' },
      spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'c:1' }] },
    })
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: pod.metadata.uid }
    const { token } = ask(cluster, { boundObjectRef }).status
    expect(whoHas(cluster, token).extra).toMatchObject({ 'authentication.kubernetes.io/pod-name': ['p'] })
    cluster.api.delete('pods', 'default/p')
    expect(() => whoHas(cluster, token)).toThrow('Unauthorized')
  })
})

test.each<[string, object, string]>([
  ['a short life', { expirationSeconds: 599 }, 'may not specify a duration less than 10 minutes'],
  ['a very long life', { expirationSeconds: 2 ** 32 + 1 }, 'may not specify a duration larger than 2^32 seconds'],
  ['a missing pod', { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'no' } }, 'pods "no" not found'],
  [
    'something that tokens are not bound to',
    { boundObjectRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'no' } },
    'cannot bind token to object of type apps/v1, Kind=Deployment',
  ],
])('%s is refused', (_name, spec, message) => expect(() => ask(testCluster(1), spec)).toThrow(message))

test('the account must be there', () =>
  expect(() => ask(testCluster(1), {}, 'nobody')).toThrow('serviceaccounts "nobody" not found'))
