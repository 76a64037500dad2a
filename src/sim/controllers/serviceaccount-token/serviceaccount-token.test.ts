import { expect, test } from 'vitest'
import { authenticate } from '../../apiserver/authentication.ts'
import { testCluster } from '../../testing/scenario.ts'

function withToken() {
  const cluster = testCluster(1)
  cluster.api.create('serviceaccounts', { metadata: { name: 'robot', namespace: 'default' } })
  cluster.api.create('secrets', {
    metadata: {
      name: 'robot-token',
      namespace: 'default',
      annotations: { 'kubernetes.io/service-account.name': 'robot' },
    },
    type: 'kubernetes.io/service-account-token',
  })
  cluster.runFor(1000)
  const find = (): any => cluster.api.find('secrets', 'default/robot-token')
  const read = (name: string) => Buffer.from(find().data[name], 'base64').toString()
  const who = (token: string) => authenticate(cluster.api, { authorization: `Bearer ${token}` }, undefined).name
  return { cluster, find, read, who }
}

test('a Secret that asks for it gets an account’s token', () => {
  const { cluster, find, read, who } = withToken()
  expect(Object.keys(find().data).sort()).toEqual(['ca.crt', 'namespace', 'token'])
  expect(find().metadata.annotations['kubernetes.io/service-account.uid']).toBe(
    cluster.api.get('serviceaccounts', 'default/robot').metadata.uid,
  )
  expect(read('namespace')).toBe('default')
  expect(who(read('token'))).toBe('system:serviceaccount:default:robot')
})

test('the token ends with its Secret', () => {
  const { cluster, read, who } = withToken()
  const token = read('token')
  cluster.api.delete('secrets', 'default/robot-token')
  expect(() => who(token)).toThrow('Unauthorized')
})

test('the Secret ends with its account', () => {
  const { cluster, find } = withToken()
  cluster.api.delete('serviceaccounts', 'default/robot')
  cluster.runFor(1000)
  expect(find()).toBeUndefined()
})
