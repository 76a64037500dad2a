import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'

export const ServiceAccount = defineKind({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  subresources: ['token'],
  validate: namespacedMeta,
  validateUpdate: (account, old) => [...metaUpdate(account, old), ...namespacedMeta(account)],
  columns: [nameColumn, ageColumn],
  references: (account: any) =>
    (account.secrets ?? [])
      .filter((secret: any) => secret.name)
      .map((secret: any) => ({
        type: 'uses' as const,
        resource: 'secrets',
        namespace: account.metadata.namespace ?? '',
        name: secret.name,
      })),
})
