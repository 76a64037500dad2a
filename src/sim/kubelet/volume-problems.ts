import type { KubeObject } from '../../machinery/objects.ts'
import type { Client } from '../client/client.ts'
import type { KubeletEnvironment } from './environment.ts'

/** What keeps a pod's volumes from being set up, in the kubelet's words. */
export function volumeProblem({ client, machine }: KubeletEnvironment, pod: KubeObject): string | undefined {
  const { namespace = '' } = pod.metadata
  for (const volume of pod.spec.volumes ?? []) {
    const problem =
      missing('configmap', volume.configMap?.name, volume.configMap) ??
      missing('secret', volume.secret?.secretName, volume.secret) ??
      (volume.projected && projectedProblem(volume.projected)) ??
      (volume.hostPath && hostPathProblem(volume.hostPath))
    if (problem) return `MountVolume.SetUp failed for volume "${volume.name}" : ${problem}`
  }
  return undefined

  function missing(kind: 'configmap' | 'secret', name: string | undefined, source: any): string | undefined {
    if (!name) return undefined
    const object: any = client.live(`${kind}s`, `${namespace}/${name}`)
    if (!object) return source.optional ? undefined : `${kind} "${name}" not found`
    if (source.optional) return undefined
    const has = (key: string) => Object.hasOwn(object.data ?? {}, key) || Object.hasOwn(object.binaryData ?? {}, key)
    const absent = (source.items ?? []).find(({ key }: any) => !has(key))
    return (
      absent &&
      `${kind === 'configmap' ? 'configmap references non-existent config' : 'references non-existent secret'} key: ${absent.key}`
    )
  }

  function projectedProblem({ sources }: any): string | undefined {
    const problems: string[] = []
    for (const source of sources ?? []) {
      const problem =
        missing('configmap', source.configMap?.name, source.configMap) ??
        missing('secret', source.secret?.name, source.secret)
      if (problem) problems.push(problem)
    }
    return problems.length > 1 ? `[${problems.join(', ')}]` : problems[0]
  }

  function hostPathProblem({ path, type }: any): string | undefined {
    const found = machine().paths?.[path] ?? (isStandard(path) ? 'Directory' : undefined)
    switch (type) {
      case 'Directory':
        return found === 'Directory' ? undefined : `hostPath type check failed: ${path} is not a directory`
      case 'File':
        return found === 'File' ? undefined : `hostPath type check failed: ${path} is not a file`
      case 'Socket':
        return found === 'Socket' ? undefined : `hostPath type check failed: ${path} is not a socket file`
      case 'CharDevice':
        return found === 'CharDevice' ? undefined : `hostPath type check failed: ${path} is not a character device`
      case 'BlockDevice':
        return found === 'BlockDevice' ? undefined : `hostPath type check failed: ${path} is not a block device`
      default:
        return undefined
    }
  }
}

/** Directories that every Linux has. */
function isStandard(path: string): boolean {
  return /^\/(bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?(\/(lib|log|run|tmp|local|share|cache|bin|sbin|pods|containers|kubelet|kubernetes|manifests|modules|cgroup|fs))*\/?$/.test(
    path,
  )
}

/** Claims must be bound before their volumes can be mounted. */
export function unboundClaim(pod: KubeObject, client: Client): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName
    if (!name) continue
    const claim = client.live('persistentvolumeclaims', `${pod.metadata.namespace}/${name}`)
    if (claim?.status?.phase !== 'Bound') return name
  }
  return undefined
}
