import type { KubeObject } from '../../../machinery/objects.ts'
import type { ManifestDocument, Path, Place } from './documents.ts'

/** `info`: this will probably not do what was meant. `hint`: good to know. */
export type HintLevel = 'info' | 'hint'

/** Something about a line that its file alone does not show. `code` and `params` are put into words by the page. */
export interface Hint extends Place {
  readonly file: string
  readonly level: HintLevel
  readonly code: string
  readonly params: Readonly<Record<string, string>>
  /** A change of the text that would mend it. */
  readonly fix?: { readonly text: string }
}

/** What a rule may look at: the files' objects and the cluster's, as one. */
export interface World {
  find(resource: string, namespace: string, name: string): KubeObject | undefined
  /** All of a resource in a namespace. */
  list(resource: string, namespace: string): readonly KubeObject[]
  /** Pods of a namespace, those that the files' templates would make included. */
  pods(namespace: string): readonly KubeObject[]
}

export type Say = (
  path: Path,
  level: HintLevel,
  code: string,
  params?: Record<string, string | undefined>,
  options?: { readonly fix?: string; readonly part?: 'key' | 'value' },
) => void

/** One thing that is looked for in each object. */
export type Rule = (document: ManifestDocument, world: World, say: Say) => void

/** Where an object has a pod's template, or is a pod; undefined when it is neither. */
export function podSpecPath({ kind }: { readonly kind: string }): Path | undefined {
  if (kind === 'Pod') return ['spec']
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec']
  const isWorkload = /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job)$/.test(kind)
  return isWorkload ? ['spec', 'template', 'spec'] : undefined
}

/** What stands at a path of plain data. */
export function valueAt(object: unknown, path: Path): any {
  return path.reduce<any>((value, step) => value?.[step], object)
}

/** The maps of a list, each with its index; nothing where there is no list. */
export function entriesOf(list: unknown): [number, any][] {
  return Array.isArray(list) ? [...list.entries()].filter(([, each]) => typeof each === 'object' && each !== null) : []
}
