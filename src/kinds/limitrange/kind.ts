import { createdAtColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { metaUpdate, namespacedMeta } from '../meta-validation.ts'
import { applyLimitDefaults } from './defaults.ts'
import { validateLimits } from './validation.ts'

const validate = (range: any) => [...namespacedMeta(range), ...validateLimits(range.spec?.limits ?? [])]

export const LimitRange = defineKind({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.LimitRange',
  applyDefaults(range) {
    for (const limit of range.spec?.limits ?? []) if (limit.type === 'Container') applyLimitDefaults(limit)
  },
  validate,
  validateUpdate: (range, old) => [...validate(range), ...metaUpdate(range, old)],
  columns: [nameColumn, createdAtColumn],
})
