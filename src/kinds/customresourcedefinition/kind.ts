import { createdAtColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate } from '../meta-validation.ts'
import { applyCrdDefaults } from './defaults.ts'
import { cleanupFinalizer, withCrdCondition, type CrdSpec } from './types.ts'
import { validateCrd, validateCrdUpdate } from './validation.ts'

export const CustomResourceDefinition = defineKind({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
  hasGeneration: true,
  hasStatus: true,
  applyDefaults: applyCrdDefaults,
  prepareForCreate(crd) {
    // Nothing is accepted yet; the naming controller sees to that in a moment.
    crd.status = {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: storageVersions(crd.spec),
    }
  },
  prepareForUpdate(crd, old) {
    const before: readonly string[] = old.status?.storedVersions ?? []
    const added = storageVersions(crd.spec).filter((name) => !before.includes(name))
    if (added.length > 0) crd.status = { ...old.status, storedVersions: [...before, ...added] }
  },
  prepareForDelete: (crd, now) => ({
    ...crd,
    metadata: { ...crd.metadata, finalizers: [...new Set([...(crd.metadata.finalizers ?? []), cleanupFinalizer])] },
    status: {
      ...crd.status,
      conditions: withCrdCondition(
        crd.status?.conditions,
        {
          type: 'Terminating',
          status: 'True',
          reason: 'InstanceDeletionPending',
          message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
        },
        now,
      ),
    },
  }),
  validate: validateCrd,
  validateUpdate: (crd, old: any) => [...metaUpdate(crd, old), ...validateCrdUpdate(crd, old)],
  warnings: ({ spec }) => (spec.conversion?.strategy === 'Webhook' ? [conversionWarning] : []),
  columns: [nameColumn, createdAtColumn],
})

const conversionWarning =
  'conversion webhooks cannot be called in a simulated cluster: the versions of this definition are served as if its conversion strategy were None'

function storageVersions(spec: CrdSpec): string[] {
  return spec.versions.filter(({ storage }) => storage).map(({ name }) => name)
}
