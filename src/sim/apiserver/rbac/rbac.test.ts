import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../cluster.ts'
import { createCluster } from '../../cluster.ts'
import { administrator } from '../authentication.ts'
import type { PolicyRule } from './attributes.ts'
import { ruleOf } from './bootstrap.ts'
import { ruleText, uncovered } from './rule-matching.ts'
import { handleRequest } from '../http.ts'

const group = 'rbac.authorization.k8s.io'
const dev = { name: 'dev', groups: ['developers'] }

function clusterWith(...rules: string[]): Cluster {
  const cluster = createCluster({ tokens: [{ token: 'dev', user: dev }] })
  cluster.runFor(1000)
  grant(cluster, 'test', rules)
  return cluster
}

/** Gives dev some rules in the namespace `default`. */
function grant(cluster: Cluster, name: string, rules: readonly string[]): void {
  const metadata = { name, namespace: 'default' }
  cluster.api.create(`roles.${group}`, { metadata, rules: rules.map(ruleOf) })
  cluster.api.create(`rolebindings.${group}`, {
    metadata,
    roleRef: { kind: 'Role', name },
    subjects: [{ kind: 'Group', name: 'developers' }],
  })
}

function send(cluster: Cluster, method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const { status, body: text } = handleRequest(cluster.api, {
    method,
    path,
    headers: { authorization: 'Bearer dev', 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  const parsed: any = text.startsWith('{') ? JSON.parse(text) : text
  return [status, parsed.message ?? parsed] as const
}

const forbidden = (text: string) => [403, text] as const
const maps = '/api/v1/namespaces/default/configmaps'
const denied = (verb: string, resource = 'configmaps', name = '') =>
  forbidden(
    `${resource.split('/')[0]}${name && ` "${name}"`} is forbidden: User "dev" cannot ${verb} resource "${resource}" in API group "" in the namespace "default"`,
  )

describe('a request of somebody who', () => {
  test.each<[string, string[], string, string, object | undefined, readonly [number, unknown]]>([
    ['may nothing', [], 'GET', `${maps}/a`, undefined, denied('get', 'configmaps', 'a')],
    [
      'may nothing, of a kind that is not there',
      [],
      'GET',
      '/api/v1/namespaces/default/boxes',
      undefined,
      denied('list', 'boxes'),
    ],
    [
      'may nothing, of a path',
      [],
      'GET',
      '/metrics',
      undefined,
      forbidden('forbidden: User "dev" cannot get path "/metrics"'),
    ],
    [
      'may patch, but not create',
      ['patch :configmaps'],
      'PATCH',
      `${maps}/a?fieldManager=m`,
      { apiVersion: 'v1', kind: 'ConfigMap' },
      denied('create', 'configmaps', 'a'),
    ],
    [
      'reads the namespace they may read in',
      ['get :namespaces'],
      'GET',
      '/api/v1/namespaces/kube-system',
      undefined,
      forbidden(
        'namespaces "kube-system" is forbidden: User "dev" cannot get resource "namespaces" in API group "" in the namespace "kube-system"',
      ),
    ],
  ])('%s', (_name, rules, method, path, body, expected) => {
    const type = method === 'PATCH' ? { 'content-type': 'application/apply-patch+yaml' } : undefined
    expect(send(clusterWith(...rules), method, path, body, type)).toEqual(expected)
  })

  test('has a binding of a role that is gone is told so', () => {
    const cluster = clusterWith('get :configmaps')
    cluster.api.delete(`roles.${group}`, 'default/test')
    expect(send(cluster, 'GET', `${maps}/a`)[1]).toBe(
      `${denied('get', 'configmaps', 'a')[1]}: RBAC: role.${group} "test" not found`,
    )
  })

  test('deletes a collection needs no right to delete one by one', () => {
    const cluster = clusterWith('deletecollection :configmaps')
    cluster.api.create('configmaps', { metadata: { name: 'a', namespace: 'default' } })
    expect(send(cluster, 'DELETE', maps)[0]).toBe(200)
    expect(cluster.api.find('configmaps', 'default/a')).toBeUndefined()
  })
})

describe('escalation', () => {
  const role = (name: string, ...rules: string[]) => ({
    apiVersion: `${group}/v1`,
    kind: 'Role',
    metadata: { name },
    rules: rules.map(ruleOf),
  })
  const roles = `/apis/${group}/v1/namespaces/default/roles`
  const bindings = `/apis/${group}/v1/namespaces/default/rolebindings`
  const bindingTo = (kind: string, name: string) => ({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'b' },
    roleRef: { kind, name },
  })
  const manager = `create,update,patch,get ${group}:roles,rolebindings`
  const lacking = (resource: string, name: string, ...rules: string[]) =>
    forbidden(
      `${resource}.${group} "${name}" is forbidden: user "dev" (groups=["developers" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${rules.map((rule) => ruleText(ruleOf(rule))).join('\n')}`,
    )

  test('one gives away what one has', () =>
    expect(send(clusterWith(manager, 'get :pods'), 'POST', roles, role('r', 'get :pods'))[0]).toBe(201))
  test('and nothing else', () =>
    expect(send(clusterWith(manager), 'POST', roles, role('r', 'get,list :secrets,pods'))).toEqual(
      lacking('roles', 'r', 'get,list :pods', 'get,list :secrets'),
    ))
  test('nor by changing a role', () => {
    const cluster = clusterWith(manager, 'get :pods')
    send(cluster, 'POST', roles, role('r', 'get :pods'))
    expect(send(cluster, 'PUT', `${roles}/r`, role('r', '* :pods'))).toEqual(lacking('roles', 'r', '* :pods'))
    expect(
      send(cluster, 'PUT', `${roles}/r`, {
        ...role('r', 'get :pods'),
        metadata: { name: 'r', finalizers: ['x.y/z'] },
      })[0],
    ).toBe(200)
  })
  test('who may escalate may', () =>
    expect(send(clusterWith(manager, `escalate ${group}:roles`), 'POST', roles, role('r', '* :pods'))[0]).toBe(201))
  test('a role that one does not hold is not bound', () => {
    const cluster = clusterWith(manager)
    cluster.api.create(`roles.${group}`, {
      metadata: { name: 'r', namespace: 'default' },
      rules: [ruleOf('get :pods')],
    })
    expect(send(cluster, 'POST', bindings, bindingTo('Role', 'r'))).toEqual(lacking('rolebindings', 'b', 'get :pods'))
    grant(cluster, 'binder', [`bind ${group}:roles#r`])
    expect(send(cluster, 'POST', bindings, bindingTo('Role', 'r'))[0]).toBe(201)
  })
  test('nor one that is not there', () =>
    expect(send(clusterWith(manager), 'POST', bindings, bindingTo('ClusterRole', 'no'))).toEqual([
      404,
      `clusterroles.${group} "no" not found`,
    ]))
})

describe('impersonation', () => {
  const as = (user: string, more: Record<string, string> = {}) => ({ 'impersonate-user': user, ...more })
  const path = '/api/v1/namespaces/default/pods'
  const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
  const question = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }

  test.each<[string, Record<string, string>, string]>([
    [
      'a user',
      as('bob'),
      'users "bob" is forbidden: User "dev" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
    [
      'an account',
      as('system:serviceaccount:a:b'),
      'serviceaccounts "b" is forbidden: User "dev" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "a"',
    ],
  ])('%s needs a right', (_name, headers, message) =>
    expect(send(clusterWith(), 'GET', path, undefined, headers)).toEqual([403, message]),
  )

  test('so does each group, each extra and the uid', () => {
    const cluster = clusterWith()
    cluster.api.create(`clusterroles.${group}`, { metadata: { name: 'i' }, rules: [ruleOf('impersonate :users')] })
    cluster.api.create(`clusterrolebindings.${group}`, {
      metadata: { name: 'i' },
      roleRef: { kind: 'ClusterRole', name: 'i' },
      subjects: [{ kind: 'User', name: 'dev' }],
    })
    const told = (headers: Record<string, string>) => send(cluster, 'GET', path, undefined, as('bob', headers))[1]
    expect(told({ 'impersonate-group': 'system:masters' })).toBe(
      'groups "system:masters" is forbidden: User "dev" cannot impersonate resource "groups" in API group "" at the cluster scope',
    )
    expect(told({ 'impersonate-extra-scopes': 'all' })).toBe(
      'userextras.authentication.k8s.io "all" is forbidden: User "dev" cannot impersonate resource "userextras/scopes" in API group "authentication.k8s.io" at the cluster scope',
    )
    expect(told({ 'impersonate-uid': '1' })).toBe(
      'uids.authentication.k8s.io "1" is forbidden: User "dev" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope',
    )
    expect(told({})).toBe(
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    )
  })

  test.each<[string, Record<string, string>, object]>([
    ['a user', as('bob'), { username: 'bob', groups: ['system:authenticated'] }],
    [
      'a user with groups and more',
      as('bob', { 'impersonate-group': 'a, b', 'impersonate-uid': '7', 'impersonate-extra-acme%2fx': 'y' }),
      { username: 'bob', uid: '7', groups: ['a', 'b', 'system:authenticated'], extra: { 'acme/x': ['y'] } },
    ],
    [
      'an account',
      as('system:serviceaccount:a:b'),
      {
        username: 'system:serviceaccount:a:b',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'],
      },
    ],
  ])('makes the administrator %s', (_name, headers, expected) => {
    const { status, body } = handleRequest(clusterWith().api, {
      method: 'POST',
      path: whoAmI,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(question),
      identity: administrator,
    })
    expect([status, JSON.parse(body).status?.userInfo]).toEqual([201, expected])
  })

  test('of a group alone is nobody', () =>
    expect(send(clusterWith(), 'GET', path, undefined, { 'impersonate-group': 'a' })[0]).toBe(500))
})

describe('questions', () => {
  const url = (plural: string, namespace?: string) =>
    `/apis/authorization.k8s.io/v1/${namespace ? `namespaces/${namespace}/` : ''}${plural}`
  const ask = (cluster: Cluster, plural: string, kind: string, spec: object, namespace?: string) => {
    const { status, body } = handleRequest(cluster.api, {
      method: 'POST',
      path: url(plural, namespace),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind, spec }),
      identity: administrator,
    })
    const parsed = JSON.parse(body)
    return [status, parsed.message ?? parsed.status]
  }
  const pods = { namespace: 'default', verb: 'get', resource: 'pods' }

  test('may they? because of what?', () =>
    expect(
      ask(clusterWith('get :pods'), 'subjectaccessreviews', 'SubjectAccessReview', {
        groups: ['developers'],
        resourceAttributes: pods,
      }),
    ).toEqual([
      201,
      { allowed: true, reason: 'RBAC: allowed by RoleBinding "test/default" of Role "test" to Group "developers"' },
    ]))

  test.each<[string, string, object, string | undefined, string]>([
    [
      'of nobody',
      'SubjectAccessReview',
      { resourceAttributes: pods },
      undefined,
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    ],
    [
      'of both a resource and a path',
      'SelfSubjectAccessReview',
      { resourceAttributes: pods, nonResourceAttributes: { path: '/x' } },
      undefined,
      'spec.nonResourceAttributes: Invalid value: {"path":"/x"}: cannot be specified in combination with resourceAttributes',
    ],
    [
      'of a selector that says nothing',
      'SelfSubjectAccessReview',
      { resourceAttributes: { ...pods, fieldSelector: {} } },
      undefined,
      'spec.resourceAttributes.fieldSelector.requirements: Required value: when spec.resourceAttributes.fieldSelector is specified, requirements or rawSelector is required',
    ],
    [
      'of another namespace',
      'LocalSubjectAccessReview',
      { user: 'x', resourceAttributes: { ...pods, namespace: 'other' } },
      'default',
      'spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
    ],
  ])('%s are refused', (_name, kind, spec, namespace, message) =>
    expect(ask(clusterWith(), `${kind.toLowerCase()}s`, kind, spec, namespace)).toEqual([
      422,
      `.authorization.k8s.io "" is invalid: ${message}`,
    ]),
  )
})

test('the roles that a cluster starts with add up', () => {
  const cluster = clusterWith()
  const rulesOf = (name: string): readonly PolicyRule[] => (cluster.api.get(`clusterroles.${group}`, name) as any).rules
  expect(uncovered(rulesOf('admin'), rulesOf('edit'))).toEqual([])
  expect(uncovered(rulesOf('edit'), rulesOf('view'))).toEqual([])
  expect(uncovered(rulesOf('view'), rulesOf('edit'))).not.toEqual([])
  const revisions = () => cluster.api.list(`clusterroles.${group}`).map(({ metadata }) => metadata.resourceVersion)
  const before = revisions()
  cluster.runFor(60_000)
  expect(revisions()).toEqual(before)
})
