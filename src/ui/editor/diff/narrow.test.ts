import { expect, test } from 'vitest'
import { narrowed } from './narrow.ts'

const object = (spec: object, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'u', resourceVersion: '7', managedFields: [{}] },
  ...more,
  spec,
})
const sides = (live: object | undefined, after: object, file: object) => {
  const { before, after: to } = narrowed(live && object(live, { status: { replicas: 1 } }), object(after), object(file))
  return [before?.spec, to.spec]
}

test.each([
  [
    'a default that the file does not name is left away',
    { replicas: 2, revisionHistoryLimit: 10 },
    { replicas: 3, revisionHistoryLimit: 10 },
    { replicas: 3 },
    [{ replicas: 2 }, { replicas: 3 }],
  ],
  [
    'what goes away because the file no longer names it is shown',
    { replicas: 2, paused: true },
    { replicas: 2 },
    { replicas: 2 },
    [{ replicas: 2, paused: true }, { replicas: 2 }],
  ],
  [
    'items of a list are matched by name, and keep it',
    {
      containers: [
        { name: 'a', image: 'a:1', tty: true },
        { name: 'b', image: 'b:1', tty: true },
      ],
    },
    {
      containers: [
        { name: 'b', image: 'b:2', tty: true },
        { name: 'a', image: 'a:1', tty: true },
      ],
    },
    { containers: [{ name: 'b', image: 'b:2' }] },
    [
      { containers: [{ name: 'a' }, { name: 'b', image: 'b:1' }] },
      { containers: [{ name: 'b', image: 'b:2' }, { name: 'a' }] },
    ],
  ],
  [
    'a new object shows what the file says',
    undefined,
    { replicas: 1, revisionHistoryLimit: 10, template: { spec: { containers: [], restartPolicy: 'Always' } } },
    { template: { spec: { containers: [] } }, replicas: 1 },
    [undefined, { template: { spec: { containers: [] } }, replicas: 1 }],
  ],
])('%s', (_, live, after, file, expected) => {
  expect(sides(live, after, file)).toEqual(expected)
})

test('keys come in the order of the file, and the server’s own are gone', () => {
  const { before, after } = narrowed(
    object({ selector: {}, replicas: 1 }, { status: {} }),
    object({ selector: {}, replicas: 2 }),
    object({ replicas: 2, selector: {} }),
  )
  expect(Object.keys(before!.spec)).toEqual(['replicas', 'selector'])
  expect(Object.keys(after.spec)).toEqual(['replicas', 'selector'])
  expect(before!.metadata).toEqual({ name: 'web' })
  expect(before).not.toHaveProperty('status')
})
