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

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/'
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/'

const defaultCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])

const sysctlsFrom: readonly [minor: number, names: readonly string[]][] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
]

/** What every pod is held to below "privileged", by id. Upstream: pod-security-admission/policy/check_*.go. */
export const baselineChecks: readonly Check[] = [
  { id: 'appArmorProfile', since: 0, look: appArmor },
  { id: 'capabilities_baseline', since: 0, look: capabilities },
  { id: 'hostNamespaces', since: 0, look: hostNamespaces },
  { id: 'hostPathVolumes', since: 0, look: hostPaths },
  { id: 'hostPorts', since: 0, look: hostPorts },
  { id: 'hostProbesAndHostLifecycle', since: 34, look: hostsOfHandlers },
  { id: 'privileged', since: 0, look: privileged },
  { id: 'procMount', since: 0, look: procMount },
  { id: 'seLinuxOptions', since: 0, look: seLinux },
  { id: 'seccompProfile_baseline', since: 0, look: seccompAnnotations },
  { id: 'seccompProfile_baseline', since: 19, look: seccomp },
  { id: 'sysctls', since: 0, look: sysctls },
  { id: 'windowsHostProcess', since: 0, look: windowsHostProcess },
]

function appArmor({ annotations, spec }: CheckedPod): Violation | undefined {
  const isBad = (profile: any) => profile && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost'
  const ofPod = spec.securityContext?.appArmorProfile
  const containers = containersOf(spec).filter(({ securityContext }) => isBad(securityContext?.appArmorProfile))
  const values = containers.map(({ securityContext }) => securityContext.appArmorProfile.type as string)
  if (isBad(ofPod)) values.push(ofPod.type)
  const texts = sorted(values)
  const names = containers.map(({ name }) => name as string)
  const who = setters(isBad(ofPod), names)
  const old = Object.keys(annotations)
    .filter((key) => key.startsWith(appArmorPrefix) && !isAppArmorAnnotation(annotations[key]!))
    .map((key) => `${key}=${JSON.stringify(annotations[key])}`)
    .sort()
  if (old.length > 0) {
    texts.push(...old)
    who.push(plural(old.length, 'annotation'))
  }
  if (who.length === 0) return undefined
  return {
    reason: `forbidden AppArmor ${plural(texts.length, 'profile')}`,
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(texts)}`,
  }
}

function isAppArmorAnnotation(value: string): boolean {
  return value === '' || value === 'runtime/default' || value.startsWith('localhost/')
}

function capabilities({ spec }: CheckedPod): Violation | undefined {
  const extra = (container: any): string[] =>
    (container.securityContext?.capabilities?.add ?? []).filter((name: string) => !defaultCapabilities.has(name))
  const names = namesWhere(spec, (container) => extra(container).length > 0)
  if (names.length === 0) return undefined
  const added = quoted(sorted(containersOf(spec).flatMap(extra)))
  return {
    reason: 'non-default capabilities',
    detail: `${containersText(names)} must not include ${added} in securityContext.capabilities.add`,
  }
}

function hostNamespaces({ spec }: CheckedPod): Violation | undefined {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field])
  if (shared.length === 0) return undefined
  return { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') }
}

function hostPaths({ spec }: CheckedPod): Violation | undefined {
  const volumes: string[] = (spec.volumes ?? []).filter((one: any) => one.hostPath).map((one: any) => one.name)
  if (volumes.length === 0) return undefined
  return { reason: 'hostPath volumes', detail: `${plural(volumes.length, 'volume')} ${quoted(volumes)}` }
}

function hostPorts({ spec }: CheckedPod): Violation | undefined {
  const portsOf = (container: any): string[] =>
    (container.ports ?? []).filter((port: any) => port.hostPort).map((port: any) => String(port.hostPort))
  const names = namesWhere(spec, (container) => portsOf(container).length > 0)
  if (names.length === 0) return undefined
  const ports = sorted(containersOf(spec).flatMap(portsOf))
  const uses = `${plural(names.length, 'uses', 'use')} ${plural(ports.length, 'hostPort')}`
  return { reason: 'hostPort', detail: `${containersText(names)} ${uses} ${ports.join(', ')}` }
}

function hostsOfHandlers({ spec }: CheckedPod): Violation | undefined {
  const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: any): string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
      .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
      .filter(Boolean)
  const names = sorted(namesWhere(spec, (container) => hostsOf(container).length > 0))
  if (names.length === 0) return undefined
  const hosts = sorted(containersOf(spec).flatMap(hostsOf))
  const uses = `${plural(names.length, 'uses', 'use')} ${plural(hosts.length, 'probe or lifecycle host')}`
  return { reason: 'probe or lifecycle host', detail: `${containersText(names)} ${uses} ${quoted(hosts)}` }
}

function privileged({ spec }: CheckedPod): Violation | undefined {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true)
  if (names.length === 0) return undefined
  return { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` }
}

function procMount(pod: CheckedPod): Violation | undefined {
  if (isRelaxed(pod)) return undefined
  const mountOf = (container: any): string => container.securityContext?.procMount ?? 'Default'
  const names = namesWhere(pod.spec, (container) => mountOf(container) !== 'Default')
  if (names.length === 0) return undefined
  const types = sorted(containersOf(pod.spec).map(mountOf)).filter((type) => type !== 'Default')
  return {
    reason: 'procMount',
    detail: `${containersText(names)} must not set securityContext.procMount to ${quoted(types)}`,
  }
}

function seLinux({ spec, minor }: CheckedPod): Violation | undefined {
  const allowed = [
    '',
    'container_t',
    'container_init_t',
    'container_kvm_t',
    ...(minor >= 31 ? ['container_engine_t'] : []),
  ]
  const badType = (options: any) => options && !allowed.includes(options.type ?? '')
  const isBad = (options: any): boolean => !!options && (badType(options) || !!options.user || !!options.role)
  const ofPod = spec.securityContext?.seLinuxOptions
  const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.seLinuxOptions))
  const who = setters(isBad(ofPod), names)
  if (who.length === 0) return undefined
  const all = [ofPod, ...containersOf(spec).map(({ securityContext }) => securityContext?.seLinuxOptions)]
  const types = sorted(all.filter(badType).map(({ type }) => type))
  const what: string[] = []
  if (types.length > 0) what.push(`${plural(types.length, 'type')} ${quoted(types)}`)
  if (all.some((options) => options?.user)) what.push('user may not be set')
  if (all.some((options) => options?.role)) what.push('role may not be set')
  return {
    reason: 'seLinuxOptions',
    detail: `${who.join(' and ')} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
  }
}

function seccompAnnotations({ annotations, spec }: CheckedPod): Violation | undefined {
  const keys = [seccompPod, ...containersOf(spec).map(({ name }) => `${seccompContainer}${name}`)]
  const isGood = (value: string) =>
    value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/')
  const bad = sorted(
    keys
      .filter((key) => Object.hasOwn(annotations, key) && !isGood(annotations[key]!))
      .map((key) => `${key}=${JSON.stringify(annotations[key])}`),
  )
  if (bad.length === 0) return undefined
  return { reason: 'seccompProfile', detail: `forbidden ${plural(bad.length, 'annotation')} ${bad.join(', ')}` }
}

function seccomp({ spec }: CheckedPod): Violation | undefined {
  return badSeccomp(spec)
}

/** Who sets a profile that neither level allows. */
export function badSeccomp(spec: any): Violation | undefined {
  const isBad = (profile: any): boolean =>
    !!profile && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost'
  const ofPod = spec.securityContext?.seccompProfile
  const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.seccompProfile))
  const who = setters(isBad(ofPod), names)
  if (who.length === 0) return undefined
  const all = [ofPod, ...containersOf(spec).map(({ securityContext }) => securityContext?.seccompProfile)]
  const types = quoted(sorted(all.filter(isBad).map(({ type }) => type ?? '')))
  return {
    reason: 'seccompProfile',
    detail: `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${types}`,
  }
}

function sysctls({ spec, minor }: CheckedPod): Violation | undefined {
  const allowed = new Set(sysctlsFrom.filter(([since]) => minor >= since).flatMap(([, names]) => names))
  const all: any[] = spec.securityContext?.sysctls ?? []
  const bad = all.filter(({ name }) => !allowed.has(name)).map(({ name }) => name)
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') }
}

function windowsHostProcess({ spec }: CheckedPod): Violation | undefined {
  const isHost = (context: any) => context?.windowsOptions?.hostProcess === true
  const names = namesWhere(spec, ({ securityContext }) => isHost(securityContext))
  const who = setters(isHost(spec.securityContext), names)
  if (who.length === 0) return undefined
  const detail = `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`
  return { reason: 'hostProcess', detail }
}
