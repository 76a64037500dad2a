import { expect, test } from 'vitest'
import type { KubeObject } from '../../../machinery/objects.ts'
import { changedFields, ontoLive, problemsOf, readYaml, yamlOf } from './yaml-text.ts'

const object = (more: object = {}, metadata: object = {}): KubeObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'u', resourceVersion: '7', creationTimestamp: '', managedFields: [{}], ...metadata },
    spec: { replicas: 3, template: { spec: { containers: [{ name: 'a', image: 'x' }] } } },
    ...more,
  }) as unknown as KubeObject

test('what is printed is read back, without managedFields', () => {
  const text = yamlOf(object())
  expect(text).not.toContain('managedFields')
  expect(readYaml(text)).toMatchObject({ object: { kind: 'Deployment', spec: { replicas: 3 } } })
})

test('what cannot be read says on which line', () => {
  expect(readYaml('a: 1\nb: [')).toMatchObject({ line: 2 })
  expect(readYaml('text')).toEqual({ error: 'not an object', line: 1 })
})

test('refusals stand on the lines of their fields', () => {
  const text = yamlOf(object())
  const line = (wanted: string) => text.split('\n').findIndex((one) => one.includes(wanted)) + 1
  const message =
    'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.template.spec.containers[0].image: Required value]'
  expect(problemsOf(text, message).map((one) => one.line)).toEqual([line('replicas'), line('image')])
  expect(problemsOf(text, 'the server is gone')).toEqual([])
})

test('only what people write counts as changed', () => {
  expect(
    changedFields(object(), object({ status: { readyReplicas: 1 } }, { resourceVersion: '9', generation: 4 })),
  ).toEqual([])
  expect(changedFields(object(), object({ spec: { replicas: 5, template: object().spec.template } }))).toEqual([
    'spec.replicas',
  ])
})

test('a draft is put onto what is there now', () => {
  expect(ontoLive(object(), object({}, { resourceVersion: '9' })).metadata.resourceVersion).toBe('9')
})
