import type { ApiServer } from './server.ts'
import { StatusError } from '../../machinery/errors.ts'
import type { KubeObject } from '../../machinery/objects.ts'

/** A request that a pod cannot answer. */
export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message)

function namesOf({ spec }: KubeObject): string[] {
  const lists = [spec.containers, spec.initContainers, spec.ephemeralContainers]
  return lists.flatMap((list: any) => (list ?? []).map(({ name }: { name: string }) => name))
}

/** Which of a pod's containers a request is about: the named one, or the only one. Throws BadRequest. */
export function containerOf(pod: KubeObject, asked: string | undefined): string {
  const names = namesOf(pod)
  if (asked) {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`)
    return asked
  }
  if (names.length === 1) return names[0]!
  const kinds = [
    [pod.spec.containers, ', choose one of'],
    [pod.spec.initContainers, ' or one of the init containers'],
  ] as const
  const text = kinds
    .map(([list, words]) => (list?.length ? `${words}: [${list.map(({ name }: any) => name).join(' ')}]` : ''))
    .join('')
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}${text}`)
}

/** The node of a pod. Throws BadRequest when it has none. */
export function nodeOf(pod: KubeObject): string {
  if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
  return pod.spec.nodeName
}

/** The pod's node does not answer the API server, which says so as Go does. */
export function unreachable(api: ApiServer, pod: KubeObject, path?: string): StatusError {
  const name = nodeOf(pod)
  const addresses: readonly { type: string; address: string }[] = api.find('nodes', name)?.status?.addresses ?? []
  const host = addresses.find(({ type }) => type === 'InternalIP')?.address ?? name
  const why = `dial tcp ${host}:10250: connect: no route to host`
  const message = path === undefined ? `error dialing backend: ${why}` : `Get "https://${host}:10250${path}": ${why}`
  return new StatusError(500, '', message)
}
