import { strToU8, zipSync } from 'fflate'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Loose } from '../../playground/manifests/clean.ts'
import { kindConfig } from '../../playground/manifests/kind-config.ts'
import { leftOutBecause, tidyObjects } from '../../playground/manifests/tidy.ts'
import { redactManifest, withoutSecrets } from '../../playground/redact.ts'
import { toSnapshotText } from '../../playground/snapshot-file.ts'
import { clusterStore } from '../state/cluster-store.ts'
import { currentPlayground } from '../state/playgrounds.ts'
import { request } from '../state/session.ts'
import { downloadPlayground } from '../shell/playground-file.ts'
import { fileName, saveFile } from './save-file.ts'

/** What can be saved, in the order of the dialog. */
export const exportKinds = ['manifests', 'zip', 'kind', 'playground', 'snapshot'] as const
export type ExportKind = (typeof exportKinds)[number]

/** Namespaces first, then what others refer to, then what runs. */
const order = [
  'Namespace',
  'CustomResourceDefinition',
  'StorageClass',
  'PriorityClass',
  'ServiceAccount',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
]

/** The objects of the cluster that somebody made. */
export function exportableObjects(): KubeObject[] {
  const { resources } = clusterStore.getState()
  const found = Object.values(resources).flatMap(({ byKey }) => [...byKey.values()])
  const rank = ({ kind }: KubeObject) => (order.indexOf(kind) < 0 ? order.length : order.indexOf(kind))
  return found
    .filter((object) => !leftOutBecause(object) && !isBuiltIn(object))
    .map((object, index) => ({ object, index }))
    .sort((a, b) => rank(a.object) - rank(b.object) || a.index - b.index)
    .map(({ object }) => object)
}

/** What a new cluster brings along without belonging to a system namespace. */
function isBuiltIn(object: Loose): boolean {
  const { kind, metadata, provisioner } = object
  if (kind === 'CSIDriver') return metadata.name.endsWith('.kubecosm.dev')
  const isOurs = ['standard', 'nfs', 'local'].includes(metadata.name)
  return kind === 'StorageClass' && isOurs && String(provisioner).endsWith('kubecosm.dev')
}

/** Saves one of them. Values of Secrets go only where somebody asked for them. */
export async function exportAs(kind: ExportKind, withSecrets: boolean): Promise<void> {
  const playground = currentPlayground()
  if (!playground) return
  const name = fileName(playground.name)
  const redacted = (text: string) => (withSecrets ? text : redactManifest(text))
  switch (kind) {
    case 'manifests':
      return saveFile(`${name}.yaml`, redacted(tidyObjects(exportableObjects()).text), 'application/yaml')
    case 'zip':
      return saveFile(`${name}.zip`, zipped(exportableObjects(), redacted), 'application/zip')
    case 'kind':
      return saveFile(`${name}-kind.yaml`, kindConfig(playground.name, nodesNow()), 'application/yaml')
    case 'playground':
      return downloadPlayground(withSecrets ? playground : withoutSecrets(playground))
    case 'snapshot': {
      const { snapshot, at, journal, shape } = await request<'snapshot'>({ type: 'snapshot' })
      // Packed ones are for this browser's own storage.
      if (typeof snapshot !== 'string') throw new Error('The snapshot came packed.')
      const text = toSnapshotText({ playground: { ...playground, journal, shape, until: at }, snapshot })
      return saveFile(`${name}.snapshot.json`, text, 'application/json')
    }
  }
}

/** A file for each object, a folder for each namespace. */
function zipped(objects: readonly Loose[], redacted: (text: string) => string): Uint8Array<ArrayBuffer> {
  const files: Record<string, Uint8Array> = {}
  for (const object of objects) {
    const { namespace = 'cluster', name } = object.metadata
    const path = `${fileName(namespace)}/${fileName(`${String(object.kind).toLowerCase()}-${name}`)}`
    let free = path
    for (let number = 2; `${free}.yaml` in files; number++) free = `${path}-${number}`
    files[`${free}.yaml`] = strToU8(redacted(tidyObjects([object]).text))
  }
  return zipSync(files) as Uint8Array<ArrayBuffer>
}

function nodesNow() {
  const { machines, resources } = clusterStore.getState()
  return [...machines.values()].map(({ name, zone }) => {
    const node = resources.nodes?.byKey.get(name)
    return { name, zone, labels: node?.metadata.labels ?? {}, taints: node?.spec?.taints ?? [] }
  })
}
