import { deepCopy } from '../../lib/freeze.ts'
import { fnv1aHex } from '../../lib/fnv1a.ts'
import { rfc3339 } from '../../lib/time.ts'
import { StatusError } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'
import type { KubeletEnvironment } from './environment.ts'
import type { PodState } from './state.ts'

const config = (name: string): string => `kubernetes.io/config.${name}`
const mirrorAnnotation = config('mirror')

/** Does a pod come from a file on the node? */
export function isStatic({ pod }: PodState): boolean {
  const { annotations } = pod.metadata
  return annotations?.[config('source')] === 'file' && annotations[mirrorAnnotation] === undefined
}

/** A pod as a file on the node says it: it is the kubelet's own, with or without an API. Upstream: config.applyDefaults. */
function staticPod({ name, api, clock }: KubeletEnvironment, file: string, manifest: unknown): KubeObject {
  const { metadata = {}, spec } = deepCopy(manifest) as any
  const text = JSON.stringify(manifest)
  const hash = [0, 1, 2, 3].map((round) => fnv1aHex(`${text}|host:${name}|file:${file}`, round)).join('')
  const draft: any = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name: `${metadata.name}-${name}`,
      namespace: metadata.namespace ?? 'default',
      annotations: {
        ...metadata.annotations,
        [config('hash')]: hash,
        [config('seen')]: rfc3339(clock.wall()),
        [config('source')]: 'file',
      },
    },
    spec: {
      ...spec,
      nodeName: name,
      tolerations: [...(spec.tolerations ?? []), { effect: 'NoExecute', operator: 'Exists' }],
    },
    status: {},
  }
  api.kinds.get('pods')?.applyDefaults?.(draft)
  return { ...draft, metadata: { ...draft.metadata, uid: hash }, status: { phase: 'Pending' } }
}

/** All that the files on the machine's disk say. */
export function staticPods(environment: KubeletEnvironment): KubeObject[] {
  const manifests = Object.entries(environment.machine().manifests ?? {})
  return manifests.map(([file, manifest]) => staticPod(environment, file, manifest))
}

/** The pod in the API that shows a static one; it is made where it is missing. Upstream: tryReconcileMirrorPods. */
export function mirrorOf({ client, name }: KubeletEnvironment, state: PodState): KubeObject | undefined {
  const { metadata, spec } = state.pod
  const hash = metadata.annotations![config('hash')]!
  const live = client.live('pods', state.key)
  if (live)
    return live.metadata.annotations?.[mirrorAnnotation] === hash && !live.metadata.deletionTimestamp ? live : undefined
  const node = client.live('nodes', name)
  if (!node || state.stage === 'terminated') return undefined
  const { uid: _uid, ...own } = metadata
  const owner = { apiVersion: 'v1', controller: true, kind: 'Node', name, uid: node.metadata.uid }
  const annotations = { ...metadata.annotations, [mirrorAnnotation]: hash }
  tried(() =>
    client.create(
      'pods',
      { apiVersion: 'v1', kind: 'Pod', metadata: { ...own, annotations, ownerReferences: [owner] }, spec },
      metadata.namespace,
    ),
  )
  // What it was made for is told by the status after this one.
  return undefined
}

/** Does a pod of the API only show one that comes from a file? */
export function isMirror({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[mirrorAnnotation] !== undefined
}

/** A pod that is over, or a mirror that is to go, is taken away at once. */
export function removeFromApi(client: Client, { metadata }: KubeObject): void {
  tried(() =>
    client.delete('pods', `${metadata.namespace}/${metadata.name}`, {
      gracePeriodSeconds: 0,
      preconditions: { uid: metadata.uid },
    }),
  )
}

/** What the API refuses is tried again with the next status. */
function tried<Result>(request: () => Result): Result | undefined {
  try {
    return request()
  } catch (error) {
    if (error instanceof StatusError) return undefined
    throw error
  }
}
