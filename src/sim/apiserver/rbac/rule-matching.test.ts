import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requestInfo } from '../request-info.ts'
import type { PolicyRule } from './attributes.ts'
import { ruleOf } from './bootstrap.ts'
import { ruleAllows, ruleText, uncovered } from './rule-matching.ts'

const dev = { name: 'dev', groups: ['developers'] }
const maps = '/api/v1/namespaces/default/configmaps'

describe('what a request is about', () => {
  test.each<[string, string, string, object]>([
    ['GET', '/healthz', '', { verb: 'get', path: '/healthz' }],
    ['POST', '/x', '', { verb: 'post' }],
    ['GET', '/apis/apps/v1', '', { verb: 'get', path: '/apis/apps/v1' }],
    ['GET', '/api/v1/pods', '', { verb: 'list', resource: { resource: 'pods', namespace: '', name: '' } }],
    ['GET', '/api/v1/pods', 'watch=1', { verb: 'watch' }],
    ['GET', '/api/v1/pods', 'fieldSelector=metadata.name=a', { verb: 'list', resource: { name: 'a' } }],
    ['DELETE', `${maps}`, '', { verb: 'deletecollection' }],
    ['PUT', `${maps}/a`, '', { verb: 'update', resource: { name: 'a', namespace: 'default', group: '' } }],
    [
      'GET',
      '/api/v1/namespaces/a',
      '',
      { verb: 'get', resource: { resource: 'namespaces', namespace: 'a', name: 'a' } },
    ],
    [
      'PUT',
      '/api/v1/namespaces/a/finalize',
      '',
      { verb: 'update', resource: { resource: 'namespaces', namespace: 'a', subresource: 'finalize' } },
    ],
    [
      'POST',
      '/apis/batch/v1/namespaces/a/jobs/j/status',
      '',
      { verb: 'create', resource: { group: 'batch', resource: 'jobs', subresource: 'status', name: 'j' } },
    ],
  ])('%s %s?%s', (method, path, query, expected) =>
    expect(requestInfo(method, path, new URLSearchParams(query) as never)).toMatchObject(expected),
  )
})

describe('a rule', () => {
  const ask = (verb: string, resource: string, more: object = {}) => {
    const [name = '', subresource = ''] = resource.split('/')
    return { user: dev, verb, resource: { group: '', resource: name, subresource, namespace: '', name: '', ...more } }
  }
  test.each<[string, string, object, boolean]>([
    ['get :pods', 'allows what it names', ask('get', 'pods'), true],
    ['get :pods', 'allows no other verb', ask('list', 'pods'), false],
    ['get :pods', 'allows no subresource', ask('get', 'pods/log'), false],
    ['get :*/log', 'may name a subresource of all', ask('get', 'pods/log'), true],
    ['* *:*', 'may name all', ask('get', 'pods/log', { group: 'x' }), true],
    ['get apps:pods', 'is for its group', ask('get', 'pods'), false],
    ['get :pods#a', 'may be for one name', ask('get', 'pods', { name: 'a' }), true],
    ['get :pods#a', 'and no other', ask('get', 'pods', { name: 'b' }), false],
    ['get :pods#a', 'nor for all', ask('list', 'pods'), false],
    ['get @/healthz/*', 'matches what is below', { user: dev, verb: 'get', path: '/healthz/etcd' }, true],
    ['get @/healthz/*', 'not the path itself', { user: dev, verb: 'get', path: '/healthz' }, false],
    ['get @*', 'matches every path', { user: dev, verb: 'get', path: '/x' }, true],
  ])('%s %s', (rule, _text, attributes, expected) =>
    expect(ruleAllows(ruleOf(rule), attributes as never)).toBe(expected),
  )

  test('covers what it allows, whatever the rule', () => {
    const word = fc.constantFrom('a', 'b', '*')
    const list = fc.array(word, { minLength: 1, maxLength: 3 })
    const rule = fc.record({ verbs: list, apiGroups: list, resources: list })
    fc.assert(
      fc.property(rule, rule, (owned: PolicyRule, wanted: PolicyRule) => {
        const lacking = uncovered([owned], [wanted])
        for (const verb of wanted.verbs!)
          for (const one of wanted.apiGroups!)
            for (const resource of wanted.resources!) {
              const attributes = {
                user: dev,
                verb,
                resource: { group: one, resource, subresource: '', namespace: '', name: '' },
              }
              const isLacking = lacking.some(
                (part) => part.verbs![0] === verb && part.apiGroups![0] === one && part.resources![0] === resource,
              )
              expect(isLacking).toBe(!ruleAllows(owned, attributes))
            }
      }),
    )
  })

  test('of a million parts is judged as a whole', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `x${index}`)
    const rule = { verbs: many, apiGroups: many, resources: many }
    expect(uncovered([], [rule])).toEqual([rule])
    expect(uncovered([ruleOf('* *:*')], [rule])).toEqual([])
  })

  test('prints as Go does', () =>
    expect(ruleText(ruleOf('get,list apps:deployments#a'))).toBe(
      '{APIGroups:["apps"], Resources:["deployments"], ResourceNames:["a"], Verbs:["get" "list"]}',
    ))
})
