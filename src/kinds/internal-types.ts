import { RawValue } from '../machinery/field-errors.ts'

/**
 * The API server's internal structs, whose names and order its texts show where a whole struct is refused.
 * `Name:type`: s string, n number, b bool, - anything that may be null, m a metav1 value with its JSON names,
 * T a struct behind a pointer, !T a struct itself, []T a list of them. The JSON name is the Go name in lower camel
 * case unless given after `=`. Upstream: pkg/apis/core/types.go, pkg/apis/policy/types.go.
 */
const structs: Readonly<Record<string, string>> = {
  PodSpec: `Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]Container RestartPolicy:s
    TerminationGracePeriodSeconds:- ActiveDeadlineSeconds:- DNSPolicy=dnsPolicy:s NodeSelector:- ServiceAccountName:s
    AutomountServiceAccountToken:- NodeName:s SecurityContext:PodSecurityContext ImagePullSecrets:[]LocalObjectReference Hostname:s
    Subdomain:s SetHostnameAsFQDN:- Affinity:Affinity SchedulerName:s Tolerations:[]Toleration HostAliases:[]HostAlias
    PriorityClassName:s Priority:- PreemptionPolicy:- DNSConfig=dnsConfig:PodDNSConfig ReadinessGates:[]PodReadinessGate
    RuntimeClassName:- Overhead:- EnableServiceLinks:- TopologySpreadConstraints:[]TopologySpreadConstraint OS=os:LocalObjectReference
    SchedulingGates:[]LocalObjectReference ResourceClaims:[]PodResourceClaim Resources:ResourceRequirements HostnameOverride:- SchedulingGroup:-`,
  Container: `Name:s Image:s Command:- Args:- WorkingDir:s Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar
    Resources:!ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:- RestartPolicyRules:-
    VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:Probe ReadinessProbe:Probe StartupProbe:Probe Lifecycle:Lifecycle
    TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s SecurityContext:SecurityContext Stdin:b StdinOnce:b TTY=tty:b`,
  PodSecurityContext: `HostNetwork:b HostPID=hostPID:b HostIPC=hostIPC:b ShareProcessNamespace:- HostUsers:- SELinuxOptions=seLinuxOptions:SELinuxOptions
    WindowsOptions:- RunAsUser:- RunAsGroup:- RunAsNonRoot:- SupplementalGroups:- SupplementalGroupsPolicy:- FSGroup=fsGroup:-
    FSGroupChangePolicy=fsGroupChangePolicy:- Sysctls:[]NameValue SeccompProfile:SeccompProfile AppArmorProfile:SeccompProfile
    SELinuxChangePolicy=seLinuxChangePolicy:-`,
  SecurityContext: `Capabilities:Capabilities Privileged:- SELinuxOptions=seLinuxOptions:SELinuxOptions WindowsOptions:- RunAsUser:-
    RunAsGroup:- RunAsNonRoot:- ReadOnlyRootFilesystem:- AllowPrivilegeEscalation:- ProcMount:- SeccompProfile:SeccompProfile AppArmorProfile:SeccompProfile`,
  Capabilities: 'Add:- Drop:-',
  SELinuxOptions: 'User:s Role:s Type:s Level:s',
  SeccompProfile: 'Type:s LocalhostProfile:-',
  ResourceRequirements: 'Limits:- Requests:- Claims:[]ResourceClaim',
  ResourceClaim: 'Name:s Request:s',
  PodResourceClaim: 'Name:s ResourceClaimName:- ResourceClaimTemplateName:-',
  ContainerResizePolicy: 'ResourceName:s RestartPolicy:s',
  ContainerPort: 'Name:s HostPort:n ContainerPort:n Protocol:s HostIP=hostIP:s',
  EnvVar: 'Name:s Value:s ValueFrom:EnvVarSource',
  EnvVarSource: `FieldRef:ObjectFieldSelector ResourceFieldRef:ResourceFieldSelector ConfigMapKeyRef:KeySelector SecretKeyRef:KeySelector
    FileKeyRef:FileKeySelector`,
  ObjectFieldSelector: 'APIVersion=apiVersion:s FieldPath:s',
  ResourceFieldSelector: 'ContainerName:s Resource:s Divisor:-',
  KeySelector: 'Name:s Key:s Optional:-',
  FileKeySelector: 'VolumeName:s Path:s Key:s Optional:-',
  EnvFromSource: 'Prefix:s ConfigMapRef:OptionalReference SecretRef:OptionalReference',
  OptionalReference: 'Name:s Optional:-',
  LocalObjectReference: 'Name:s',
  NameValue: 'Name:s Value:s',
  VolumeMount: 'Name:s ReadOnly:b RecursiveReadOnly:- MountPath:s SubPath:s MountPropagation:- SubPathExpr:s',
  VolumeDevice: 'Name:s DevicePath:s',
  Probe: `Exec:ExecAction HTTPGet=httpGet:HTTPGetAction TCPSocket=tcpSocket:TCPSocketAction GRPC=grpc:GRPCAction InitialDelaySeconds:n
    TimeoutSeconds:n PeriodSeconds:n SuccessThreshold:n FailureThreshold:n TerminationGracePeriodSeconds:-`,
  Lifecycle: 'PostStart:LifecycleHandler PreStop:LifecycleHandler StopSignal:-',
  LifecycleHandler:
    'Exec:ExecAction HTTPGet=httpGet:HTTPGetAction TCPSocket=tcpSocket:TCPSocketAction Sleep:SleepAction',
  ExecAction: 'Command:-',
  HTTPGetAction: 'Path:s Port:- Host:s Scheme:s HTTPHeaders=httpHeaders:[]NameValue',
  TCPSocketAction: 'Port:- Host:s',
  GRPCAction: 'Port:n Service:-',
  SleepAction: 'Seconds:n',
  Volume: `Name:s HostPath:HostPathVolumeSource EmptyDir:EmptyDirVolumeSource GCEPersistentDisk=gcePersistentDisk:-
    AWSElasticBlockStore=awsElasticBlockStore:- GitRepo:- Secret:SecretVolumeSource NFS=nfs:NFSVolumeSource ISCSI=iscsi:- Glusterfs:-
    PersistentVolumeClaim:ClaimVolumeSource RBD=rbd:- Quobyte:- FlexVolume:- Cinder:- CephFS=cephfs:- Flocker:- DownwardAPI=downwardAPI:DownwardAPIVolumeSource
    FC=fc:- AzureFile:- ConfigMap:ConfigMapVolumeSource VsphereVolume:- AzureDisk:- PhotonPersistentDisk:- Projected:ProjectedVolumeSource
    PortworxVolume:- ScaleIO=scaleIO:- StorageOS=storageos:- CSI=csi:CSIVolumeSource Ephemeral:- Image:ImageVolumeSource`,
  HostPathVolumeSource: 'Path:s Type:-',
  EmptyDirVolumeSource: 'Medium:s SizeLimit:-',
  SecretVolumeSource: 'SecretName:s Items:[]KeyToPath DefaultMode:- Optional:-',
  ConfigMapVolumeSource: 'Name:s Items:[]KeyToPath DefaultMode:- Optional:-',
  KeyToPath: 'Key:s Path:s Mode:-',
  ClaimVolumeSource: 'ClaimName:s ReadOnly:b',
  NFSVolumeSource: 'Server:s Path:s ReadOnly:b',
  CSIVolumeSource: 'Driver:s ReadOnly:- FSType=fsType:- VolumeAttributes:- NodePublishSecretRef:LocalObjectReference',
  ImageVolumeSource: 'Reference:s PullPolicy:s',
  ProjectedVolumeSource: 'Sources:[]VolumeProjection DefaultMode:-',
  VolumeProjection: `Secret:ObjectProjection DownwardAPI=downwardAPI:DownwardAPIProjection ConfigMap:ObjectProjection
    ServiceAccountToken:ServiceAccountTokenProjection ClusterTrustBundle:- PodCertificate:-`,
  ObjectProjection: 'Name:s Items:[]KeyToPath Optional:-',
  DownwardAPIProjection: 'Items:[]DownwardAPIVolumeFile',
  DownwardAPIVolumeSource: 'Items:[]DownwardAPIVolumeFile DefaultMode:-',
  DownwardAPIVolumeFile: 'Path:s FieldRef:ObjectFieldSelector ResourceFieldRef:ResourceFieldSelector Mode:-',
  ServiceAccountTokenProjection: 'Audience:s ExpirationSeconds:n Path:s',
  Toleration: 'Key:s Operator:s Value:s Effect:s TolerationSeconds:-',
  HostAlias: 'IP=ip:s Hostnames:-',
  PodDNSConfig: 'Nameservers:- Searches:- Options:[]DNSOption',
  DNSOption: 'Name:s Value:-',
  PodReadinessGate: 'ConditionType:s',
  TopologySpreadConstraint: `MaxSkew:n TopologyKey:s WhenUnsatisfiable:s LabelSelector:m MinDomains:- NodeAffinityPolicy:- NodeTaintsPolicy:- MatchLabelKeys:-`,
  Affinity: 'NodeAffinity:NodeAffinity PodAffinity:PodAffinity PodAntiAffinity:PodAffinity',
  NodeAffinity: `RequiredDuringSchedulingIgnoredDuringExecution:NodeSelector PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm`,
  NodeSelector: 'NodeSelectorTerms:[]NodeSelectorTerm',
  NodeSelectorTerm: 'MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement',
  NodeSelectorRequirement: 'Key:s Operator:s Values:-',
  PreferredSchedulingTerm: 'Weight:n Preference:!NodeSelectorTerm',
  PodAffinity: `RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm`,
  WeightedPodAffinityTerm: 'Weight:n PodAffinityTerm:!PodAffinityTerm',
  PodAffinityTerm:
    'LabelSelector:m Namespaces:- TopologyKey:s NamespaceSelector:m MatchLabelKeys:- MismatchLabelKeys:-',
  PodDisruptionBudgetSpec: 'MinAvailable:- Selector:m MaxUnavailable:- UnhealthyPodEvictionPolicy:-',
}

interface InternalField {
  readonly go: string
  readonly json: string
  readonly type: string
}

const parsed = new Map<string, readonly InternalField[]>()

function fieldsOf(name: string): readonly InternalField[] {
  let fields = parsed.get(name)
  if (fields) return fields
  fields = structs[name]!.split(/\s+/).map((text) => {
    const [names, type] = text.split(':') as [string, string]
    const [go, json = `${go!.charAt(0).toLowerCase()}${go!.slice(1)}`] = names.split('=') as [string, string?]
    return { go, json, type }
  })
  parsed.set(name, fields)
  return fields
}

const zeros: Readonly<Record<string, unknown>> = { s: '', n: 0, b: false }

/** A value of the API as the internal struct of that name, as Go would encode it: every field, in Go's order. */
export function internalStruct(name: string, value: any): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const { go, json, type } of fieldsOf(name)) result[go] = fieldValue(type, value?.[json])
  if (name === 'PodSpec' && value?.securityContext) {
    // The host's namespaces are part of the security context inside.
    const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = value
    const all = { ...value.securityContext, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }
    result.SecurityContext = internalStruct('PodSecurityContext', all)
  }
  return result
}

function fieldValue(type: string, value: any): unknown {
  if (type in zeros) return value ?? zeros[type]
  if (type === '-' || type === 'm') return value ?? null
  if (type.startsWith('[]'))
    return Array.isArray(value) && value.length > 0 ? value.map((one) => internalStruct(type.slice(2), one)) : null
  if (type.startsWith('!')) return internalStruct(type.slice(1), value)
  return value === undefined || value === null ? null : internalStruct(type, value)
}

/** The same for a field error to show. */
export function showInternal(name: string, value: unknown): RawValue {
  return new RawValue(JSON.stringify(internalStruct(name, value)))
}
