import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KubeObject } from '../../machinery/objects.ts'
import { fitsObject, fitsPod, noFilter, readView, writeView, type GraphFilter } from './graph-filter.ts'
import type { PodView } from './pod-view.ts'

const view = (name: string, state: PodView['state'], namespace = 'shop') => ({ name, namespace, state }) as PodView

test('a view is written into the query and read from it again, beside what else stands there', () => {
  const filter: GraphFilter = { namespaces: ['shop', 'data'], state: 'NotRunning', query: 'app=web' }
  const search = writeView('?embed=1', 'network', filter)
  expect(search).toBe('?embed=1&lens=network&ns=shop,data&state=NotRunning&q=app%3Dweb')
  expect(readView(search)).toEqual({ lens: 'network', filter })
  expect(writeView(search, 'nodes', noFilter)).toBe('?embed=1')
})

test.each(['?lens=moon', '?state=Happy', '?ns=No+Name,,-a', '?lens=%00&q=', '?%'])(
  'garbage says nothing: %s',
  (search) => {
    expect(readView(search)).toEqual({ lens: 'nodes', filter: noFilter })
  },
)

test('no query is too strange to be read and written', () => {
  fc.assert(
    fc.property(fc.string(), (search) => {
      const { lens, filter } = readView(search)
      expect(readView(writeView('', lens, filter)).lens).toBe(lens)
    }),
  )
})

test.each([
  ['by its state', { ...noFilter, state: 'NotRunning' as const }, view('web-1', 'Pending'), true],
  [
    'running is not what is not running',
    { ...noFilter, state: 'NotRunning' as const },
    view('web-1', 'Running'),
    false,
  ],
  ['done is not wrong', { ...noFilter, state: 'NotRunning' as const }, view('web-1', 'Completed'), false],
  ['one state', { ...noFilter, state: 'Evicted' as const }, view('web-1', 'Evicted'), true],
  ['another namespace', { ...noFilter, namespaces: ['data'] }, view('web-1', 'Running'), false],
  ['a part of its name', { ...noFilter, query: 'EB-1' }, view('web-1', 'Running'), true],
  ['its kind', { ...noFilter, query: 'pods web' }, view('web-1', 'Running'), true],
  ['a label', { ...noFilter, query: 'app=web' }, view('web-1', 'Running'), true],
  ['any value of a label', { ...noFilter, query: 'app=' }, view('web-1', 'Running'), true],
  ['another label', { ...noFilter, query: 'app=we' }, view('web-1', 'Running'), false],
])('a pod %s', (_, filter, pod, fits) => {
  expect(fitsPod(filter, pod, { app: 'web' })).toBe(fits)
})

test('an object by namespace, name and kind; one of no namespace fits every one', () => {
  const object = (kind: string, name: string, namespace?: string) =>
    ({ apiVersion: 'v1', kind, metadata: { name, namespace } }) as KubeObject
  expect(fitsObject({ ...noFilter, namespaces: ['shop'] }, object('Node', 'n1'))).toBe(true)
  expect(fitsObject({ ...noFilter, namespaces: ['shop'] }, object('Service', 'web', 'data'))).toBe(false)
  expect(fitsObject({ ...noFilter, query: 'ingresses' }, object('Ingress', 'web', 'data'))).toBe(true)
})
