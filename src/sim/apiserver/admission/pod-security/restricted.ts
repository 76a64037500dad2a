import { badSeccomp } from './baseline.ts'
import {
  containersOf,
  containersText,
  isRelaxed,
  namesWhere,
  plural,
  quoted,
  setters,
  sorted,
  type Check,
  type CheckedPod,
  type Violation,
} from './words.ts'

const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]
const namedVolumes = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
]

/** What pods are held to besides at "restricted", by id. Upstream: pod-security-admission/policy/check_*.go. */
export const restrictedChecks: readonly Check[] = [
  { id: 'allowPrivilegeEscalation', since: 8, look: privilegeEscalation },
  { id: 'allowPrivilegeEscalation', since: 25, look: unlessWindows(privilegeEscalation) },
  { id: 'capabilities_restricted', since: 22, overrides: 'capabilities_baseline', look: capabilities },
  { id: 'capabilities_restricted', since: 25, overrides: 'capabilities_baseline', look: unlessWindows(capabilities) },
  { id: 'restrictedVolumes', since: 0, overrides: 'hostPathVolumes', look: volumes },
  { id: 'runAsNonRoot', since: 0, look: runAsNonRoot },
  { id: 'runAsUser', since: 23, look: runAsUser },
  { id: 'seccompProfile_restricted', since: 19, overrides: 'seccompProfile_baseline', look: seccomp },
  { id: 'seccompProfile_restricted', since: 25, overrides: 'seccompProfile_baseline', look: unlessWindows(seccomp) },
]

function unlessWindows(look: Check['look']): Check['look'] {
  return (pod) => (pod.spec.os?.name === 'windows' ? undefined : look(pod))
}

function privilegeEscalation({ spec }: CheckedPod): Violation | undefined {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false)
  if (names.length === 0) return undefined
  const detail = `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`
  return { reason: 'allowPrivilegeEscalation != false', detail }
}

function capabilities({ spec }: CheckedPod): Violation | undefined {
  const of = ({ securityContext }: any) => securityContext?.capabilities
  const extra = (container: any): string[] =>
    (of(container)?.add ?? []).filter((name: string) => name !== 'NET_BIND_SERVICE')
  const keeping = namesWhere(spec, (container) => !of(container)?.drop?.includes('ALL'))
  const adding = namesWhere(spec, (container) => extra(container).length > 0)
  const details: string[] = []
  if (keeping.length > 0) details.push(`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`)
  if (adding.length > 0) {
    const added = quoted(sorted(containersOf(spec).flatMap(extra)))
    details.push(`${containersText(adding)} must not include ${added} in securityContext.capabilities.add`)
  }
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

function volumes({ spec }: CheckedPod): Violation | undefined {
  const bad: any[] = (spec.volumes ?? []).filter((volume: any) => !allowedVolumes.some((type) => volume[type]))
  if (bad.length === 0) return undefined
  const types = sorted(bad.map((volume) => namedVolumes.find((type) => volume[type]) ?? 'unknown'))
  const names = `${plural(bad.length, 'volume')} ${quoted(bad.map(({ name }) => name))}`
  const uses = `${plural(bad.length, 'uses', 'use')} ${plural(types.length, 'restricted volume type')}`
  return { reason: 'restricted volume types', detail: `${names} ${uses} ${quoted(types)}` }
}

function runAsNonRoot(pod: CheckedPod): Violation | undefined {
  if (isRelaxed(pod)) return undefined
  const { spec } = pod
  const reason = 'runAsNonRoot != true'
  const ofPod = spec.securityContext?.runAsNonRoot
  const explicit = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false)
  const who = setters(ofPod === false, explicit)
  if (who.length > 0) return { reason, detail: `${who.join(' and ')} must not set securityContext.runAsNonRoot=false` }
  if (ofPod === true) return undefined
  const silent = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` }
}

function runAsUser(pod: CheckedPod): Violation | undefined {
  if (isRelaxed(pod)) return undefined
  const { spec } = pod
  const roots = namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0)
  const who = setters(spec.securityContext?.runAsUser === 0, roots)
  return who.length === 0
    ? undefined
    : { reason: 'runAsUser=0', detail: `${who.join(' and ')} must not set runAsUser=0` }
}

function seccomp({ spec }: CheckedPod): Violation | undefined {
  const bad = badSeccomp(spec)
  if (bad || spec.securityContext?.seccompProfile) return bad
  const silent = namesWhere(spec, ({ securityContext }) => !securityContext?.seccompProfile)
  if (silent.length === 0) return undefined
  return {
    reason: 'seccompProfile',
    detail: `pod or ${containersText(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  }
}
