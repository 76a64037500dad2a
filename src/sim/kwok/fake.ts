import type { KubeObject } from '../../machinery/objects.ts'

const annotation = 'kwok.x-k8s.io/node'

/** Is it said of a node that there is nothing behind it? */
export function isFake({ metadata: { annotations } }: KubeObject): boolean {
  return annotations !== undefined && Object.hasOwn(annotations, annotation) && annotations[annotation] === 'fake'
}
