// Builds src/machinery/schema/generated/schema.json (and schema-docs.json) from the OpenAPI models that
// @kubernetes/client-node carries and from facts/, which holds what those models lose. `--check` only says
// whether the result is up to date. Format of an entry: see src/machinery/schema/schema.ts.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const models = join(root, 'node_modules/@kubernetes/client-node/dist/gen/models')
const outDir = join(root, 'src/machinery/schema/generated')
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

const inputs = [
  'scripts/build-schema.mjs',
  'facts/schema-facts.json',
  'facts/enums.json',
  'facts/discovery.json',
  'node_modules/@kubernetes/client-node/package.json',
]
const hash = createHash('sha256')
for (const input of inputs) hash.update(readFileSync(join(root, input)))

// Printer columns name the field whose documentation describes them: `core.v1.PodStatus.podIP`.
const columnFields = new Set()
const kindsFolder = join(root, 'src/kinds')
for (const file of readdirSync(kindsFolder, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!file.endsWith('.ts')) continue
  for (const [, field] of readFileSync(join(kindsFolder, file), 'utf8').matchAll(
    /'((?:meta|[a-z]+)\.v\d\w*\.[A-Z]\w*\.\w+)'/g,
  ))
    columnFields.add(field)
}
hash.update([...columnFields].sort().join())
const fingerprint = hash.digest('hex')
const stampFile = join(outDir, 'stamp')
const files = ['schema.json', 'schema-docs.json', 'discovery.json', 'column-docs.json']
const upToDate =
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === fingerprint &&
  files.every((file) => existsSync(join(outDir, file)))
if (process.argv.includes('--check')) {
  if (!upToDate) console.error('The generated schema is out of date: run npm run schema')
  process.exit(upToDate ? 0 : 1)
}
if (upToDate && !process.argv.includes('--force')) process.exit(0)

const facts = readJson('facts/schema-facts.json')
const discovery = readJson('facts/discovery.json')
const enums = readJson('facts/enums.json')
const protobuf = readJson('facts/protobuf.json')

// Optional scalars that are pointers in Go, so that a zero value is kept; all other optional zeros vanish.
const pointers = new Set(
  `replicas completions parallelism backoffLimit backoffLimitPerIndex maxFailedIndexes activeDeadlineSeconds ttlSecondsAfterFinished
  terminationGracePeriodSeconds gracePeriodSeconds deletionGracePeriodSeconds automountServiceAccountToken enableServiceLinks
  shareProcessNamespace hostUsers setHostnameAsFQDN runAsUser runAsGroup runAsNonRoot allowPrivilegeEscalation privileged
  readOnlyRootFilesystem fsGroup optional immutable suspend controller blockOwnerDeletion partition revisionHistoryLimit
  progressDeadlineSeconds minReplicas defaultMode mode tolerationSeconds storageClassName ingressClassName expirationSeconds
  orphanDependents successfulJobsHistoryLimit failedJobsHistoryLimit startingDeadlineSeconds timeZone ttl priority preemptionPolicy
  runtimeClassName fsGroupChangePolicy supplementalGroupsPolicy procMount volumeMode volumeAttributesClassName allowVolumeExpansion
  reclaimPolicy volumeBindingMode started serving terminating hostProcess leaseDurationSeconds leaseTransitions holderIdentity
  preferredHolder strategy healthCheckNodePort? allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy ipFamilyPolicy
  appProtocol timeoutSeconds? stabilizationWindowSeconds selectPolicy averageUtilization minDomains nodeAffinityPolicy nodeTaintsPolicy
  labelSelector? hostnameOverride hostname? attachRequired podInfoOnMount storageCapacity requiresRepublish seLinuxMount
  nodeAllocatableUpdatePeriodSeconds failurePolicy matchPolicy sideEffects reinvocationPolicy scope port? path? url endPort
  maxRequestsInFlight nominalConcurrencyShares lendablePercent borrowingLimitPercent unhealthyPodEvictionPolicy podReplacementPolicy
  managedBy completionMode localhostProfile recursiveReadOnly mountPropagation observedGeneration? apiGroup maxSkew? vendorID
  adminAccess terminatingReplicas ready uncountedTerminatedPods failedIndexes podSelector divisor? restartPolicy? stopSignal
  remainingItemCount lun? resourceVersion? serviceAccountName? nodeName? attached detectedClass`
    .split(/\s+/)
    .filter((name) => !name.endsWith('?')),
)
const definitionPointers = new Set(
  `HTTPIngressPath.pathType GRPCAction.service HostPathVolumeSource.type Probe.terminationGracePeriodSeconds Endpoint.hostname Endpoint.nodeName
  Endpoint.zone EndpointPort.name EndpointPort.port EndpointPort.protocol NetworkPolicyPort.protocol ConfigMapNodeConfigSource.uid
  Container.restartPolicy ServiceReference.path ServiceReference.port FCVolumeSource.lun AzureDiskVolumeSource.fsType
  AzureDiskVolumeSource.readOnly AzureDiskVolumeSource.kind AzureDiskVolumeSource.cachingMode CSIVolumeSource.readOnly
  CSIVolumeSource.fsType PersistentVolumeSpec.volumeMode VolumeAttachmentSource.persistentVolumeName PodDNSConfigOption.value
  ServiceStatus.loadBalancer EventSource.none ScopedResourceSelectorRequirement.none NodeSpec.podCIDR? ISCSIVolumeSource.initiatorName
  ISCSIPersistentVolumeSource.initiatorName LoadBalancerIngress.ipMode PortStatus.error IngressPortStatus.error ResourceFieldSelector.divisor
  ClientIPConfig.timeoutSeconds TopologySpreadConstraint.minDomains RBDVolumeSource.none PodStatus.observedGeneration?
  JSONSchemaProps.maximum JSONSchemaProps.minimum JSONSchemaProps.maxLength JSONSchemaProps.minLength JSONSchemaProps.maxItems
  JSONSchemaProps.minItems JSONSchemaProps.maxProperties JSONSchemaProps.minProperties JSONSchemaProps.multipleOf JSONSchemaProps.$ref
  JSONSchemaProps.x-kubernetes-preserve-unknown-fields JSONSchemaProps.x-kubernetes-list-type JSONSchemaProps.x-kubernetes-map-type
  ValidationRule.optionalOldSelf CustomResourceDefinitionVersion.deprecationWarning
  CustomResourceSubresourceScale.labelSelectorPath`
    .split(/\s+/)
    .filter((name) => !name.endsWith('?')),
)
definitionPointers.delete('ServiceStatus.loadBalancer')
// Names above that are plain strings in these definitions.
const notPointers = new Set([
  'ContainerStatus.ready',
  'ReplicaSetStatus.replicas',
  'DeploymentStatus.replicas',
  'StatefulSetStatus.replicas',
  'Probe.timeoutSeconds',
  'ScaleSpec.replicas',
  'ScaleStatus.replicas',
  'PodSpec.restartPolicy',
  'JobStatus.failedIndexes?',
])

// Structs that Go holds by value: they are there in every answer, if only as {}.
const structs = new Set(
  `PodTemplateSpec.metadata PodTemplateSpec.spec Container.resources DeploymentSpec.strategy DeploymentSpec.template ReplicaSetSpec.template? DaemonSetSpec.updateStrategy
  DaemonSetSpec.template StatefulSetSpec.updateStrategy StatefulSetSpec.template JobSpec.template JobTemplateSpec.metadata JobTemplateSpec.spec CronJobSpec.jobTemplate
  PersistentVolumeClaimSpec.resources PersistentVolumeClaimTemplate.metadata PersistentVolumeClaimTemplate.spec ServiceStatus.loadBalancer IngressStatus.loadBalancer
  NodeStatus.daemonEndpoints NodeStatus.nodeInfo NodeDaemonEndpoints.kubeletEndpoint ContainerStatus.state ContainerStatus.lastState
  Endpoint.conditions HorizontalPodAutoscalerSpec.scaleTargetRef MetricTarget.none Event.involvedObject Event.source
  Pod.spec Pod.status Node.spec Node.status Namespace.spec Namespace.status Service.spec Service.status Deployment.spec Deployment.status
  ReplicaSet.spec ReplicaSet.status StatefulSet.spec StatefulSet.status DaemonSet.spec DaemonSet.status Job.spec Job.status CronJob.spec CronJob.status
  PersistentVolume.spec PersistentVolume.status PersistentVolumeClaim.spec PersistentVolumeClaim.status Ingress.spec Ingress.status IngressClass.spec
  NetworkPolicy.spec PodDisruptionBudget.spec PodDisruptionBudget.status HorizontalPodAutoscaler.spec HorizontalPodAutoscaler.status
  ResourceQuota.spec ResourceQuota.status LimitRange.spec ReplicationController.spec ReplicationController.status Lease.spec CSINode.spec CSIDriver.spec
  VolumeAttachment.spec VolumeAttachment.status VolumeAttachmentSpec.source CertificateSigningRequest.spec CertificateSigningRequest.status
  CustomResourceDefinition.spec APIService.spec APIService.status FlowSchema.spec FlowSchema.status PriorityLevelConfiguration.spec PriorityLevelConfiguration.status
  RoleBinding.roleRef ClusterRoleBinding.roleRef ValidatingAdmissionPolicy.spec ValidatingAdmissionPolicy.status ValidatingAdmissionPolicyBinding.spec
  MutatingAdmissionPolicy.spec MutatingAdmissionPolicyBinding.spec ResourceClaim.spec ResourceClaim.status ResourceClaimTemplate.spec ResourceSlice.spec DeviceClass.spec
  ServiceCIDR.spec ServiceCIDR.status IPAddress.spec SelfSubjectAccessReview.spec SelfSubjectAccessReview.status SubjectAccessReview.spec SubjectAccessReview.status
  LocalSubjectAccessReview.spec LocalSubjectAccessReview.status SelfSubjectRulesReview.spec SelfSubjectRulesReview.status TokenReview.spec TokenReview.status
  TokenRequest.spec TokenRequest.status Scale.spec Scale.status PodTemplate.template Binding.target`
    .split(/\s+/)
    .filter((name) => !name.endsWith('?')),
)
// Times that Go holds by value, and lists without omitempty: null when there is none.
const nulls = new Set(
  `PodCondition.lastProbeTime PodCondition.lastTransitionTime NodeCondition.lastHeartbeatTime NodeCondition.lastTransitionTime
  ContainerStateRunning.startedAt ContainerStateTerminated.startedAt ContainerStateTerminated.finishedAt DeploymentCondition.lastUpdateTime
  DeploymentCondition.lastTransitionTime ReplicaSetCondition.lastTransitionTime StatefulSetCondition.lastTransitionTime
  DaemonSetCondition.lastTransitionTime JobCondition.lastProbeTime JobCondition.lastTransitionTime PersistentVolumeClaimCondition.lastProbeTime
  PersistentVolumeClaimCondition.lastTransitionTime Event.firstTimestamp Event.lastTimestamp Event.eventTime ClusterRole.rules Role.rules
  EndpointSlice.endpoints EndpointSlice.ports HorizontalPodAutoscalerStatus.currentMetrics`.split(/\s+/),
)
// Durations and Go-specific scalars that OpenAPI calls strings.
const goTypes = { 'ObjectMeta.uid': 'types.UID' }

const modelName = /^([A-Z][a-z]+(?:registration)?)??(V\d+(?:alpha\d+|beta\d+)?)([A-Z].*)$/
const groupOfPrefix = {
  Admissionregistration: 'admissionregistration',
  Apiextensions: 'apiextensions',
  Apiregistration: 'apiregistration',
  Authentication: 'authentication',
  Core: 'core',
  Discovery: 'discovery',
  Events: 'events',
  Flowcontrol: 'flowcontrol',
  Rbac: 'rbac',
  Resource: 'resource',
  Storage: 'storage',
}

const known = new Map()
for (const full of [
  ...Object.keys(facts),
  ...Object.keys(protobuf).map((name) =>
    name.replace(/^k8s\.io\.(\w+)/, (_, part) => `io.k8s.${part.replaceAll('_', '-')}`),
  ),
]) {
  const [version, name] = full.split('.').slice(-2)
  const key = `${version} ${name}`
  if (!known.has(key)) known.set(key, new Set())
  known.get(key).add(full)
}

/** The model's fields, read as text: importing the package needs a newer Node. */
function fieldsOf(model) {
  const text = readFileSync(join(models, `${model}.js`), 'utf8')
  const start = text.indexOf('.attributeTypeMap = [')
  if (start < 0) throw new Error(`${model} has no attributeTypeMap`)
  return JSON.parse(text.slice(text.indexOf('[', start), text.indexOf('];', start) + 1))
}

const definitions = new Map()
const docs = {}
const nameOfModel = new Map()
const docText = (comment) =>
  comment
    .replace(/^\s*\*\s?/gm, '')
    .trim()
    .replace(/\\(['"])/g, '$1')

function definitionName(model, referrer) {
  if (nameOfModel.has(model)) return nameOfModel.get(model)
  const [, prefix, v, rest] = modelName.exec(model) ?? []
  if (!v) throw new Error(`cannot read the model name ${model}`)
  const version = v.toLowerCase()
  let candidates = [...(known.get(`${version} ${rest}`) ?? [])]
  if (prefix) candidates = candidates.filter((name) => name.includes(`.${groupOfPrefix[prefix]}.`))
  const home = referrer?.slice(0, referrer.lastIndexOf('.', referrer.lastIndexOf('.') - 1))
  if (candidates.length > 1) {
    const fields = new Set(fieldsOf(model).map((field) => field.baseName))
    const near = candidates.filter((name) => home && name.startsWith(home + '.'))
    const fitting = candidates.filter(
      (name) =>
        Object.keys(facts[name]?.fields ?? {}).every((field) => fields.has(field)) &&
        (facts[name]?.required ?? []).every((field) => fields.has(field)),
    )
    candidates = near.length ? near : fitting.length ? fitting : candidates
    const inFacts = candidates.filter((name) => facts[name])
    if (inFacts.length) candidates = inFacts
  }
  const name = candidates[0] ?? `${home}.${version}.${rest}`
  nameOfModel.set(model, name)
  return name
}

function typeCode(type, format, fact, referrer) {
  const array = /^Array<(.*)>$/.exec(type)
  if (array) return `[${typeCode(array[1], format, fact, referrer)}`
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)
  if (map) return `{${typeCode(map[1], format, fact, referrer)}`
  if (type === 'Date') return format === 'date-time-micro' ? 'm' : 't'
  if (type === 'V1MicroTime') return 'm'
  if (type === 'IntOrString' || type === 'V1IntOrString') return 'x'
  if (type === 'boolean') return 'b'
  if (type === 'number') return format === 'int64' ? 'I' : format === 'double' ? 'n' : 'i'
  if (type === 'string') return fact?.quantity ? 'q' : fact?.['int-or-string'] ? 'x' : format === 'byte' ? 'y' : 's'
  if (type === 'any') return '*'
  return `#${build(type, referrer)}`
}

/** Adds the definition of a model and all it refers to; returns its index. */
function build(model, referrer) {
  const name = definitionName(model, referrer)
  if (definitions.has(name)) return definitions.get(name).index
  const short = name.slice(name.lastIndexOf('.') + 1)
  const entry = { index: definitions.size, name, fields: {} }
  definitions.set(name, entry)
  const fact = facts[name] ?? {}
  const gv = name.split('.').slice(-3, -1).join('/')
  const source = readFileSync(join(models, `${model}.d.ts`), 'utf8')
  const doc = { d: '', f: {} }
  const classDoc = /\/\*\*\n((?:\* .*\n|\*\n)+)\*\/\nexport declare class/.exec(source)
  if (classDoc) doc.d = docText(classDoc[1])
  for (const match of source.matchAll(/(?:\/\*\*\n\s*\* (.*)\n\s*\*\/\n\s*)?'([^']+)'(\?)?: /g))
    if (match[1]) doc.f[match[2]] = docText(match[1])
  const required = new Set(fact.required ?? [])
  for (const match of source.matchAll(/^ {4}'([^']+)': /gm)) required.add(match[1])
  for (const { name: property, baseName, type, format } of fieldsOf(model)) {
    const fieldFact = fact.fields?.[baseName] ?? {}
    if (property !== baseName && doc.f[property]) {
      doc.f[baseName] = doc.f[property]
      delete doc.f[property]
    }
    const extra = {}
    if (required.has(baseName)) extra.r = 1
    if (fieldFact['list-type']) extra.l = fieldFact['list-type']
    if (fieldFact['list-map-keys']) extra.k = fieldFact['list-map-keys']
    if (fieldFact['map-type']) extra.m = fieldFact['map-type']
    if (fieldFact['patch-merge-key']) extra.pk = fieldFact['patch-merge-key']
    if (fieldFact['patch-strategy']) extra.ps = fieldFact['patch-strategy']
    if ('default' in fieldFact) extra.d = fieldFact.default
    if (nulls.has(`${short}.${baseName}`)) extra.d = null
    const enumeration =
      enums[`${gv}.${short}.${baseName}`] ??
      (short === 'Container' || short === 'EphemeralContainer'
        ? enums[`core/v1.EphemeralContainerCommon.${baseName}`]
        : undefined)
    if (enumeration) extra.e = enumeration
    const key = `${short}.${baseName}`
    if ((pointers.has(baseName) && !notPointers.has(key)) || definitionPointers.has(key)) extra.p = 1
    if (structs.has(key)) extra.z = 1
    if (goTypes[key]) extra.g = goTypes[key]
    let code = typeCode(type, format, fieldFact, name)
    if (name.endsWith('meta.v1.MicroTime')) code = 'm'
    entry.fields[baseName] = Object.keys(extra).length ? [code, extra] : code
  }
  if (fact['map-type']) entry.map = fact['map-type']
  if (fact.unions) entry.unions = fact.unions
  docs[name] = doc
  return entry.index
}

// Every served kind, and what requests carry beside kinds.
const byGroupVersionKind = new Map()
for (const file of readdirSync(models)) {
  if (!file.endsWith('.js') || ['all.js', 'ObjectSerializer.js', 'VersionInfo.js'].includes(file)) continue
  const model = file.slice(0, -3)
  const [, prefix, v, rest] = modelName.exec(model) ?? []
  if (!v) continue
  const key = `${v.toLowerCase()} ${rest}`
  if (!byGroupVersionKind.has(key)) byGroupVersionKind.set(key, [])
  byGroupVersionKind.get(key).push({ model, prefix })
}
const kindsTable = {}
const dotted = (group) => (group === '' ? 'core' : group.split('.')[0])
const modelFor = (group, version, kind) => {
  const found = byGroupVersionKind.get(`${version} ${kind}`) ?? []
  if (found.length < 2) return found[0]?.model
  return (
    found.find(({ prefix }) => prefix && groupOfPrefix[prefix] === dotted(group)) ?? found.find(({ prefix }) => !prefix)
  )?.model
}
const homeOf = {
  '': 'io.k8s.api.core',
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
}
for (const [groupVersion, entry] of Object.entries(discovery)) {
  const resources = entry.resources ?? entry
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion]
  const home =
    homeOf[group] ?? `io.k8s.api.${group === 'internal.apiserver.k8s.io' ? 'apiserverinternal' : dotted(group)}`
  for (const [resource, facts] of Object.entries(resources)) {
    const ownGroup = facts.group ?? group
    const ownVersion = facts.version ?? version
    const model = modelFor(ownGroup, ownVersion, facts.kind)
    if (!model) continue
    const index = build(model, ownGroup === group ? `${home}.${version}.X` : undefined)
    kindsTable[`${groupVersion}/${resource}`] = index
  }
}
for (const model of [
  'V1Status',
  'V1DeleteOptions',
  'V1Scale',
  'V1Eviction',
  'V1LabelSelector',
  'V1ListMeta',
  'V1ObjectMeta',
  'V1OwnerReference',
  'V1ManagedFieldsEntry',
  'V1Condition',
])
  build(model, 'io.k8s.apimachinery.pkg.apis.meta.v1.X')

const schema = {
  definitions: [...definitions.values()].map(({ name, fields, map }) => (map ? [name, fields, map] : [name, fields])),
  resources: kindsTable,
}
/** Full definition name of `core.v1.PodStatus`. */
function docsOf(group, version, name) {
  const ending = `.${group}.${version}.${name}`
  return docs[Object.keys(docs).find((full) => full.endsWith(ending))]
}
const columnDocs = {}
for (const field of [...columnFields].sort()) {
  const [group, version, name, property] = field.split('.')
  const text = docsOf(group, version, name)?.f[property]
  if (text === undefined) {
    if (!docsOf(group, version, name)) throw new Error(`no definition of ${field}, which a printer column names`)
    console.error(`no documentation of ${field}, which a printer column names`)
    continue
  }
  // The published models write line breaks as two blanks.
  columnDocs[field] = text.replace('  Populated by the system.', '\n\nPopulated by the system.')
}

mkdirSync(outDir, { recursive: true })
writeFileSync(join(outDir, 'schema.json'), JSON.stringify(schema))
writeFileSync(join(outDir, 'schema-docs.json'), JSON.stringify(docs))
writeFileSync(join(outDir, 'column-docs.json'), JSON.stringify(columnDocs))
writeFileSync(join(outDir, 'discovery.json'), JSON.stringify(discovery))
writeFileSync(stampFile, fingerprint)
