import { deepEqual } from '../lib/deep-equal.ts'
import { forbidden, type FieldError } from '../machinery/field-errors.ts'
import { immutable } from './workload/validation.ts'

type UpdateCheck = (object: any, old: any) => FieldError[]

const statefulSetMutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

/** What an update of a stored kind may not change, by resource. */
export const storedImmutability: Readonly<Record<string, UpdateCheck | undefined>> = {
  'statefulsets.apps': ({ spec }, old) => {
    const fixed = (value: any) =>
      Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => !statefulSetMutable.includes(name)))
    if (deepEqual(fixed(spec), fixed(old.spec))) return []
    return [
      forbidden(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    ]
  },
  'daemonsets.apps': ({ spec }, old) => immutable(spec?.selector, old.spec?.selector, 'spec.selector'),
}
