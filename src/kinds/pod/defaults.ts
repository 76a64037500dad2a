/** Defaults of pods and pod templates. Upstream: pkg/apis/core/v1/defaults.go. All change their argument. */

const volumeSources = [
  'hostPath',
  'emptyDir',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'persistentVolumeClaim',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'downwardAPI',
  'fc',
  'azureFile',
  'configMap',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'projected',
  'portworxVolume',
  'scaleIO',
  'storageos',
  'csi',
  'ephemeral',
  'image',
] as const

/** Names of the fields of a volume that say what it is. */
export const volumeSourceFields: readonly string[] = volumeSources

/** What a pod gets beyond what its template would. */
export function applyPodDefaults(pod: any): void {
  const spec = pod.spec
  if (!spec) return
  applyPodSpecDefaults(spec)
  spec.enableServiceLinks ??= true
  for (const container of spec.initContainers ?? []) defaultRequests(container)
  for (const container of spec.containers ?? []) defaultRequests(container)
  if (spec.hostNetwork) {
    for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
      for (const port of container.ports ?? []) port.hostPort ??= port.containerPort
  }
  if (spec.resources?.limits) defaultPodRequests(spec)
}

/** A limit without a request becomes the request too. */
function defaultRequests(container: any): void {
  const limits = container.resources?.limits
  if (!limits) return
  const requests = (container.resources.requests ??= {})
  for (const name in limits) requests[name] ??= limits[name]
}

function defaultPodRequests(spec: any): void {
  const requests = (spec.resources.requests ??= {})
  for (const name in spec.resources.limits) requests[name] ??= spec.resources.limits[name]
}

/** What both pods and templates get. */
export function applyPodSpecDefaults(spec: any): void {
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.restartPolicy ??= 'Always'
  spec.securityContext ??= {}
  spec.terminationGracePeriodSeconds ??= 30
  if (spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1
  spec.schedulerName ??= 'default-scheduler'
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount
  if (spec.volumes) for (const volume of spec.volumes) applyVolumeDefaults(volume)
  if (spec.initContainers) for (const container of spec.initContainers) applyContainerDefaults(container)
  if (spec.containers) for (const container of spec.containers) applyContainerDefaults(container)
  if (spec.ephemeralContainers) for (const container of spec.ephemeralContainers) applyContainerDefaults(container)
}

/** A pod template's spec. */
export function applyPodTemplateDefaults(template: any): void {
  if (!template) return
  template.metadata ??= {}
  template.spec ??= {}
  applyPodSpecDefaults(template.spec)
}

function applyContainerDefaults(container: any): void {
  container.imagePullPolicy ??= isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent'
  container.terminationMessagePath ??= '/dev/termination-log'
  container.terminationMessagePolicy ??= 'File'
  container.resources ??= {}
  if (container.ports) for (const port of container.ports) port.protocol ??= 'TCP'
  if (container.env)
    for (const { valueFrom } of container.env) {
      if (!valueFrom) continue
      if (valueFrom.fieldRef) valueFrom.fieldRef.apiVersion ??= 'v1'
      if (valueFrom.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= '0'
      if (valueFrom.fileKeyRef) valueFrom.fileKeyRef.optional ??= false
    }
  if (container.livenessProbe) applyProbeDefaults(container.livenessProbe)
  if (container.readinessProbe) applyProbeDefaults(container.readinessProbe)
  if (container.startupProbe) applyProbeDefaults(container.startupProbe)
  const { lifecycle } = container
  if (lifecycle?.postStart?.httpGet) applyHttpGetDefaults(lifecycle.postStart.httpGet)
  if (lifecycle?.preStop?.httpGet) applyHttpGetDefaults(lifecycle.preStop.httpGet)
}

/** No tag and no digest mean `latest`. Upstream: parsers.ParseImageName. */
function isLatest(image: string): boolean {
  const at = image.indexOf('@')
  const name = at < 0 ? image : image.slice(0, at)
  const colon = name.lastIndexOf(':')
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : ''
  return tag === 'latest' || (!tag && at < 0)
}

function applyProbeDefaults(probe: any): void {
  probe.timeoutSeconds ??= 1
  probe.periodSeconds ??= 10
  probe.successThreshold ??= 1
  probe.failureThreshold ??= 3
  if (probe.httpGet) applyHttpGetDefaults(probe.httpGet)
  if (probe.grpc) probe.grpc.service ??= ''
}

function applyHttpGetDefaults(action: any): void {
  action.path ??= '/'
  action.scheme ??= 'HTTP'
}

function applyVolumeDefaults(volume: any): void {
  if (!volumeSources.some((source) => volume[source] !== undefined)) {
    volume.emptyDir = {}
    return
  }
  if (volume.secret) volume.secret.defaultMode ??= 0o644
  if (volume.configMap) volume.configMap.defaultMode ??= 0o644
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= 0o644
    defaultDownwardItems(volume.downwardAPI.items)
  }
  if (volume.projected) {
    volume.projected.defaultMode ??= 0o644
    for (const source of volume.projected.sources ?? []) {
      if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600
      if (source.downwardAPI) defaultDownwardItems(source.downwardAPI.items)
    }
  }
  if (volume.hostPath) volume.hostPath.type ??= ''
  if (volume.iscsi) volume.iscsi.iscsiInterface ??= 'default'
  if (volume.rbd) {
    volume.rbd.pool ??= 'rbd'
    volume.rbd.user ??= 'admin'
    volume.rbd.keyring ??= '/etc/ceph/keyring'
  }
  if (volume.ephemeral?.volumeClaimTemplate) {
    const template = volume.ephemeral.volumeClaimTemplate
    template.metadata ??= {}
    template.spec ??= {}
    template.spec.volumeMode ??= 'Filesystem'
    template.spec.resources ??= {}
  }
  if (volume.image) volume.image.pullPolicy ??= isLatest(volume.image.reference ?? '') ? 'Always' : 'IfNotPresent'
}

function defaultDownwardItems(items: any[] | undefined): void {
  for (const item of items ?? []) {
    if (item.fieldRef) item.fieldRef.apiVersion ??= 'v1'
    if (item.resourceFieldRef) item.resourceFieldRef.divisor ??= '0'
  }
}
