import { isDns1123Label } from '../../machinery/names.ts'
import { validateObjectMeta } from '../../machinery/object-meta.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate } from '../meta-validation.ts'

const validateMeta = (namespace: any) => validateObjectMeta(namespace.metadata, false, isDns1123Label)

export const Namespace = defineKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.Namespace',
  hasStatus: true,
  subresources: ['finalize', 'status'],
  applyDefaults(namespace) {
    if (!namespace.metadata.name) return
    namespace.metadata.labels = { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': namespace.metadata.name }
  },
  prepareForCreate(namespace) {
    namespace.status = { phase: 'Active' }
    namespace.spec ??= {}
    const finalizers: string[] = namespace.spec.finalizers ?? []
    if (!finalizers.includes('kubernetes')) namespace.spec.finalizers = [...finalizers, 'kubernetes']
  },
  prepareForUpdate(namespace, old) {
    // Finalizers go through their own subresource, the phase through the status.
    namespace.spec = old.spec
    namespace.status ??= old.status
  },
  validate: validateMeta,
  validateUpdate: (namespace, old) => [...metaUpdate(namespace, old), ...validateMeta(namespace)],
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column('Status', ({ status }) => status?.phase ?? '', { description: 'The status of the namespace' }),
    ageColumn,
  ],
  selectableFields: ({ status }) => ({ 'status.phase': status?.phase ?? '' }),
})
