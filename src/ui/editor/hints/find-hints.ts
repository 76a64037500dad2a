import type { KubeObject } from '../../../machinery/objects.ts'
import type { PlaygroundFile } from '../../../playground/model.ts'
import type { ClusterState } from '../../state/cluster-store.ts'
import type { ManifestDocument } from './documents.ts'
import { documentsOf } from './documents.ts'
import type { Hint, Rule, World } from './hint.ts'
import { podSpecPath, valueAt } from './hint.ts'
import { latestTags, ownSelector, probePorts, volumes } from './pod-rules.ts'
import { podNeeds, pointers } from './reference-rules.ts'
import { selectors } from './selector-rules.ts'
import { onlyStored } from './stored-fields.ts'

const rules: readonly Rule[] = [selectors, ownSelector, podNeeds, pointers, probePorts, volumes, latestTags, onlyStored]
const hintsOfAFile = 200

const read = new WeakMap<PlaygroundFile, readonly ManifestDocument[]>()

/** What is worth saying of one file, seen beside the others and the cluster. */
export function hintsOf(
  file: PlaygroundFile,
  files: readonly PlaygroundFile[],
  resources: ClusterState['resources'],
): Hint[] {
  const all = files.flatMap((each) => {
    let documents = read.get(each)
    if (!documents) read.set(each, (documents = documentsOf(each)))
    return documents
  })
  const world = worldOf(all, resources)
  const hints: Hint[] = []
  for (const document of all) {
    if (document.file !== file.name) continue
    for (const rule of rules) {
      rule(document, world, (path, level, code, params = {}, { fix, part } = {}) => {
        if (hints.length >= hintsOfAFile) return
        const known = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined)
        const place = document.place(path, part)
        const more = fix === undefined ? {} : { fix: { text: fix } }
        hints.push({ file: file.name, ...place, level, code, params: Object.fromEntries(known), ...more })
      })
    }
  }
  return hints
}

function worldOf(documents: readonly ManifestDocument[], resources: ClusterState['resources']): World {
  const inCluster = (resource: string, namespace: string): KubeObject[] => {
    const found: KubeObject[] = []
    for (const object of resources[resource]?.byKey.values() ?? [])
      if ((object.metadata.namespace ?? '') === namespace) found.push(object)
    return found
  }
  const inFiles = (resource: string, namespace: string) =>
    documents
      .filter((each) => each.resource === resource && each.namespace === namespace)
      .map(({ object }) => object as KubeObject)
  const podsOf = new Map<string, readonly KubeObject[]>()
  return {
    find: (resource, namespace, name) =>
      inFiles(resource, namespace).find((object) => object.metadata.name === name) ??
      resources[resource]?.byKey.get(namespace ? `${namespace}/${name}` : name),
    list: (resource, namespace) => [...inFiles(resource, namespace), ...inCluster(resource, namespace)],
    pods: (namespace) => {
      let pods = podsOf.get(namespace)
      if (!pods) {
        const planned = documents.filter((each) => each.namespace === namespace).flatMap(podOf)
        podsOf.set(namespace, (pods = [...planned, ...inCluster('pods', namespace)]))
      }
      return pods
    },
  }
}

/** The pod that a manifest stands for, or would make. */
function podOf({ object, namespace, name }: ManifestDocument): KubeObject[] {
  const path = podSpecPath(object)
  if (!path) return []
  const holder = valueAt(object, path.slice(0, -1))
  const labels = holder?.metadata?.labels ?? {}
  return [{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: holder?.spec } as KubeObject]
}
