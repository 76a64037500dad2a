import { expect, test } from 'vitest'
import { createCluster } from '../../cluster.ts'

const resource = 'clusterroles.rbac.authorization.k8s.io'
const rule = (plural: string) => ({ apiGroups: [''], resources: [plural], verbs: ['get'] })

function cluster() {
  const made = createCluster()
  const role = (name: string, labels: object, ...plurals: string[]) =>
    made.api.create(resource, { metadata: { name, labels }, rules: plurals.map(rule) })
  role('b', { part: 'yes' }, 'pods', 'secrets')
  role('a', { part: 'yes' }, 'services', 'pods')
  made.api.create(resource, {
    metadata: { name: 'whole' },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] },
    rules: [rule('own')],
  })
  made.runFor(1000)
  const whole = (): any => made.api.get(resource, 'whole')
  const resources = () => whole().rules?.map((one: any) => one.resources[0])
  return { made, whole, resources }
}

test('the rules of the selected roles, in the order of their names, each once, in place of its own', () => {
  const { whole, resources } = cluster()
  expect(resources()).toEqual(['services', 'pods', 'secrets'])
  expect(whole().metadata.managedFields.map(({ manager, operation }: any) => `${manager} ${operation}`)).toContain(
    'clusterrole-aggregation-controller Apply',
  )
})

test('they follow what is selected, and go when nothing is', () => {
  const { made, whole, resources } = cluster()
  made.api.patch(resource, 'a', { type: 'merge', patch: { metadata: { labels: { part: 'no' } } } })
  made.runFor(1000)
  expect(resources()).toEqual(['pods', 'secrets'])
  made.api.delete(resource, 'b')
  made.runFor(1000)
  expect(whole().rules).toBeNull()
})

test('the administrator’s view of a namespace takes in what a custom role adds', () => {
  const { made } = cluster()
  const label = 'rbac.authorization.k8s.io/aggregate-to-view'
  made.api.create(resource, { metadata: { name: 'more', labels: { [label]: 'true' } }, rules: [rule('boxes')] })
  made.runFor(1000)
  for (const name of ['view', 'edit', 'admin']) {
    const rules: any[] = (made.api.get(resource, name) as any).rules
    expect(rules.some((one) => one.resources.includes('boxes'))).toBe(true)
  }
})
