import type { CrdScale } from '../../../kinds/customresourcedefinition/types.ts'
import type { ScaleAccess } from '../../../kinds/kind.ts'
import { isMap, setKey } from '../../../machinery/structural/json-schema.ts'
import type { KubeObject } from '../../../machinery/objects.ts'

/** `/scale` of a custom kind, by the paths its definition names. */
export function customScale({ specReplicasPath, statusReplicasPath, labelSelectorPath }: CrdScale): ScaleAccess {
  const specPath = steps(specReplicasPath)
  const number = (value: unknown) => (typeof value === 'number' ? value : 0)
  return {
    read(object) {
      const selector = labelSelectorPath ? valueAt(object, steps(labelSelectorPath)) : undefined
      return {
        replicas: number(valueAt(object, specPath)),
        statusReplicas: number(valueAt(object, steps(statusReplicasPath))),
        selector: typeof selector === 'string' ? selector : '',
      }
    },
    withReplicas: (object, replicas) => withValue(object, specPath, replicas) as KubeObject,
  }
}

function steps(path: string): string[] {
  return path.split('.').filter((step) => step !== '')
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  let value = object
  for (const name of path) value = isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/** A copy with one value changed; what is not on the way to it is shared. */
function withValue(object: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  const copy: Record<string, unknown> = isMap(object) ? { ...object } : {}
  setKey(copy, name, withValue(Object.hasOwn(copy, name) ? copy[name] : undefined, rest, value))
  return copy
}
