import { parseTime } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'

const annotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
] as const

/** The class of claims that name none; the newest where several claim to be it. */
export function defaultClassAmong(classes: Iterable<KubeObject>): KubeObject | undefined {
  let chosen: KubeObject | undefined
  for (const one of classes) {
    if (!annotations.some((name) => one.metadata.annotations?.[name] === 'true')) continue
    if (!chosen || isNewer(one, chosen)) chosen = one
  }
  return chosen
}

function isNewer(a: KubeObject, b: KubeObject): boolean {
  const difference = parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp)
  return difference === 0 ? a.metadata.name < b.metadata.name : difference > 0
}
