import { deepEqual } from '../../lib/deep-equal.ts'

/** An object as it came, of any kind. */
export type Loose = Record<string, any>

/** Metadata that the API server keeps for itself. */
const bookkeeping = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]

/** Without what the API server alone writes: status and its bookkeeping. Values are shared, not copied. */
export function withoutServerFields(object: Loose): Loose {
  const { status: _, metadata = {}, ...rest } = object
  const kept = Object.fromEntries(Object.entries(metadata as Loose).filter(([name]) => !bookkeeping.includes(name)))
  return inOrder({ ...rest, metadata: kept })
}

/** The object as somebody would have written it: without what the cluster added, assigned or defaulted. */
export function cleaned(object: Loose): Loose {
  const copy = withoutServerFields(JSON.parse(JSON.stringify(object)))
  cleanMetadata(copy)
  const { spec } = copy
  if (isMap(spec)) cleanSpec(copy.kind, spec)
  if (copy.kind === 'ServiceAccount') delete copy.secrets
  if (copy.kind === 'Namespace') delete copy.spec
  return pruned(copy)
}

const ownAnnotations =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/|pv\.kubernetes\.io\/|volume\.(beta\.)?kubernetes\.io\/|deprecated\.daemonset\.template\.generation|control-plane\.alpha\.kubernetes\.io\/|autoscaling\.alpha\.kubernetes\.io\/|batch\.kubernetes\.io\/|cni\.|kubernetes\.io\/limit-ranger|endpoints\.kubernetes\.io\/)/
const ownLabels =
  /^(controller-revision-hash|pod-template-hash|pod-template-generation|statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/(controller-uid|job-name|job-completion-index)|controller-uid|job-name|kubernetes\.io\/metadata\.name)$/
const ownFinalizers = /^kubernetes(\.io\/.*)?$|^service\.kubernetes\.io\//

function cleanMetadata(object: Loose): void {
  const { metadata } = object
  if (metadata.name) delete metadata.generateName
  delete metadata.ownerReferences
  dropKeys(metadata.annotations, ownAnnotations)
  dropKeys(metadata.labels, ownLabels)
  if (Array.isArray(metadata.finalizers))
    metadata.finalizers = metadata.finalizers.filter((name: unknown) => !ownFinalizers.test(String(name)))
}

function cleanSpec(kind: string, spec: Loose): void {
  dropDefaults(spec, defaults[kind] ?? {})
  switch (kind) {
    case 'Pod':
      return cleanPodSpec(spec, true)
    case 'Service':
      return cleanService(spec)
    case 'PersistentVolumeClaim':
      delete spec.volumeName
      return
    case 'PersistentVolume':
      dropKeys(spec.claimRef, /^(uid|resourceVersion)$/)
      return
    case 'StatefulSet':
      for (const claim of listOf(spec.volumeClaimTemplates)) {
        delete claim.status
        cleanMetadata({ ...claim, metadata: (claim.metadata ??= {}) })
        dropKeys(claim.metadata, /^creationTimestamp$/)
        if (isMap(claim.spec)) dropDefaults(claim.spec, defaults.PersistentVolumeClaim!)
      }
      return cleanTemplate(spec.template)
    case 'CronJob':
      if (isMap(spec.jobTemplate?.spec)) cleanJob(spec.jobTemplate.spec)
      dropKeys(spec.jobTemplate?.metadata, /^creationTimestamp$/)
      return
    case 'Job':
      return cleanJob(spec)
    default:
      cleanTemplate(spec.template)
  }
}

function cleanJob(spec: Loose): void {
  dropDefaults(spec, defaults.Job!)
  // Its selector is made of its own uid.
  if (spec.manualSelector !== true) delete spec.selector
  cleanTemplate(spec.template)
}

function cleanService(spec: Loose): void {
  if (spec.clusterIP !== 'None') delete spec.clusterIP
  delete spec.clusterIPs
  delete spec.healthCheckNodePort
  if (spec.ipFamilyPolicy === undefined) delete spec.ipFamilies
  for (const port of listOf(spec.ports)) {
    if (spec.type !== 'NodePort') delete port.nodePort
    if (port.protocol === 'TCP') delete port.protocol
    if (port.targetPort === port.port) delete port.targetPort
  }
}

function cleanTemplate(template: unknown): void {
  if (!isMap(template)) return
  if (isMap(template.metadata)) {
    dropKeys(template.metadata, /^creationTimestamp$/)
    dropKeys(template.metadata.labels, ownLabels)
  }
  if (isMap(template.spec)) cleanPodSpec(template.spec, false)
}

const notReady = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

function cleanPodSpec(spec: Loose, isPod: boolean): void {
  dropDefaults(spec, podDefaults)
  delete spec.serviceAccount
  if (spec.serviceAccountName === 'default') delete spec.serviceAccountName
  if (isPod) {
    delete spec.nodeName
    if (spec.priorityClassName === undefined || spec.priority === 0) delete spec.priority
    spec.tolerations = listOf(spec.tolerations).filter(
      ({ key, operator, effect, tolerationSeconds }) =>
        !(notReady.includes(key) && operator === 'Exists' && effect === 'NoExecute' && tolerationSeconds === 300),
    )
  }
  const isToken = (name: unknown) => /^kube-api-access-[a-z0-9]{5}$/.test(String(name))
  if (spec.volumes) spec.volumes = listOf(spec.volumes).filter(({ name }) => !isToken(name))
  for (const container of [...listOf(spec.initContainers), ...listOf(spec.containers)]) {
    dropDefaults(container, containerDefaults)
    const latest = !/[:@]/.test(lastPart(container.image)) || String(container.image).endsWith(':latest')
    if (container.imagePullPolicy === (latest ? 'Always' : 'IfNotPresent')) delete container.imagePullPolicy
    if (container.volumeMounts)
      container.volumeMounts = listOf(container.volumeMounts).filter(({ name }) => !isToken(name))
    for (const port of listOf(container.ports)) if (port.protocol === 'TCP') delete port.protocol
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      if (!isMap(container[probe])) continue
      dropDefaults(container[probe], probeDefaults)
      if (container[probe].httpGet?.scheme === 'HTTP') delete container[probe].httpGet.scheme
    }
  }
}

const podDefaults: Loose = {
  dnsPolicy: 'ClusterFirst',
  enableServiceLinks: true,
  preemptionPolicy: 'PreemptLowerPriority',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
}
const containerDefaults: Loose = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  resources: {},
}
const probeDefaults: Loose = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 }
const defaults: Readonly<Record<string, Loose>> = {
  Deployment: {
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
  },
  StatefulSet: {
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  },
  DaemonSet: {
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  },
  Job: {
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  },
  CronJob: {
    concurrencyPolicy: 'Allow',
    failedJobsHistoryLimit: 1,
    successfulJobsHistoryLimit: 3,
    suspend: false,
  },
  Service: {
    type: 'ClusterIP',
    internalTrafficPolicy: 'Cluster',
    externalTrafficPolicy: 'Cluster',
    allocateLoadBalancerNodePorts: true,
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
  },
  PersistentVolumeClaim: { volumeMode: 'Filesystem' },
  PersistentVolume: { volumeMode: 'Filesystem' },
}

function dropDefaults(spec: Loose, known: Loose): void {
  for (const [name, value] of Object.entries(known)) if (deepEqual(spec[name], value)) delete spec[name]
}

function dropKeys(map: unknown, pattern: RegExp): void {
  if (isMap(map)) for (const key of Object.keys(map)) if (pattern.test(key)) delete map[key]
}

/** Without what became empty by cleaning. What was written empty on purpose (`emptyDir: {}`, a selector) stays. */
function pruned(object: Loose): Loose {
  const empty = (value: unknown) =>
    (Array.isArray(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0)
  const places = [object.metadata, object.spec, object.spec?.template?.metadata, object.spec?.template?.spec]
  const mayGo = ['labels', 'annotations', 'finalizers', 'tolerations', 'volumes', 'volumeMounts', 'metadata']
  const containers = [object.spec, object.spec?.template?.spec].flatMap((spec) => listOf(spec?.containers))
  for (const place of [...places, ...containers]) {
    if (isMap(place)) for (const name of mayGo) if (name in place && empty(place[name])) delete place[name]
  }
  return object
}

/** apiVersion, kind and metadata first, name and namespace first in that: as people write them. */
function inOrder({ apiVersion, kind, metadata, ...rest }: Loose): Loose {
  const { name, namespace, ...more } = metadata
  return {
    apiVersion,
    kind,
    metadata: { ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }), ...more },
    ...rest,
  }
}

const lastPart = (image: unknown) => String(image).split('/').at(-1)!

function isMap(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter(isMap) : []
}
