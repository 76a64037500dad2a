import type { KubeObject } from '../../../machinery/objects.ts'
import { backendsOf } from '../../graph/relations.ts'
import { resourceOfKind } from '../resources.ts'

/** Another object, as a link that selects it. */
export interface Link {
  readonly resource: string
  readonly key: string
  readonly text: string
}

/** One line of the overview. `label` is the last part of a key of strings. */
export interface Fact {
  readonly label: string
  readonly text?: string
  readonly links?: readonly Link[]
}

/** What is worth knowing of an object at a glance, by its kind; lines without a value are left out. */
export function factsOf(object: KubeObject): Fact[] {
  const facts = [...ownFacts(object), ...ownerFacts(object)]
  return facts.filter((fact) => fact.text || fact.links?.length)
}

function text(label: string, value: unknown): Fact {
  return { label, text: value === undefined || value === null ? '' : String(value) }
}

function link(label: string, resource: string, name: string | undefined, namespace?: string): Fact {
  return { label, links: name ? [linkTo(resource, name, namespace)] : [] }
}

function linkTo(resource: string, name: string, namespace?: string): Link {
  return { resource, key: namespace ? `${namespace}/${name}` : name, text: name }
}

function ownerFacts({ metadata }: KubeObject): Fact[] {
  const owners = metadata.ownerReferences ?? []
  return [
    {
      label: 'owner',
      links: owners.map(({ apiVersion, kind, name }) => ({
        ...linkTo(resourceOfKind(apiVersion, kind), name, kind === 'Node' ? undefined : metadata.namespace),
        text: `${kind} ${name}`,
      })),
    },
    text('generateName', owners.length ? undefined : metadata.generateName),
  ]
}

function ownFacts(object: KubeObject): Fact[] {
  const { metadata, spec = {}, status = {} } = object
  const { namespace } = metadata
  switch (object.kind) {
    case 'Pod':
      return [
        link('node', 'nodes', spec.nodeName),
        text('ip', status.podIP),
        text('qosClass', status.qosClass),
        link('serviceAccount', 'serviceaccounts', spec.serviceAccountName, namespace),
        text('restartPolicy', spec.restartPolicy),
        text('priority', spec.priority || undefined),
        text('message', status.message),
        { label: 'volumes', links: volumeLinks(spec, namespace) },
      ]
    case 'Node':
      return [
        text('address', status.addresses?.find((address: any) => address.type === 'InternalIP')?.address),
        text('podCidr', spec.podCIDR),
        text('kubelet', status.nodeInfo?.kubeletVersion),
        text('runtime', status.nodeInfo?.containerRuntimeVersion),
        text('os', status.nodeInfo?.osImage),
        text(
          'taints',
          (spec.taints ?? [])
            .map((taint: any) => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`)
            .join(', '),
        ),
      ]
    case 'Deployment':
      return [
        text('replicas', replicasText(spec, status)),
        text('strategy', strategyText(spec.strategy)),
        text('selector', labelsText(spec.selector?.matchLabels)),
        text('images', imagesText(spec.template?.spec)),
        text('paused', spec.paused ? 'true' : undefined),
      ]
    case 'ReplicaSet':
    case 'StatefulSet':
      return [
        text('replicas', replicasText(spec, status)),
        text('selector', labelsText(spec.selector?.matchLabels)),
        text('images', imagesText(spec.template?.spec)),
      ]
    case 'Service':
      return [
        text('type', spec.type),
        text('clusterIP', spec.clusterIP),
        text('externalIP', (status.loadBalancer?.ingress ?? []).map((one: any) => one.ip ?? one.hostname).join(', ')),
        text('externalName', spec.externalName),
        text('ports', (spec.ports ?? []).map(portText).join(', ')),
        text('selector', labelsText(spec.selector)),
      ]
    case 'Ingress':
      return [
        text('class', spec.ingressClassName),
        text('hosts', (spec.rules ?? []).map((rule: any) => rule.host ?? '*').join(', ')),
        {
          label: 'backends',
          links: backendsOf(object).map((key) => ({ resource: 'services', key, text: key.split('/')[1]! })),
        },
      ]
    case 'PersistentVolumeClaim':
      return [
        link('volume', 'persistentvolumes', spec.volumeName),
        text('capacity', status.capacity?.storage ?? spec.resources?.requests?.storage),
        text('accessModes', (spec.accessModes ?? []).join(', ')),
        link('storageClass', 'storageclasses.storage.k8s.io', spec.storageClassName),
      ]
    case 'PersistentVolume':
      return [
        {
          label: 'claim',
          links: spec.claimRef ? [linkTo('persistentvolumeclaims', spec.claimRef.name, spec.claimRef.namespace)] : [],
        },
        text('capacity', spec.capacity?.storage),
        text('accessModes', (spec.accessModes ?? []).join(', ')),
        text('reclaimPolicy', spec.persistentVolumeReclaimPolicy),
        link('storageClass', 'storageclasses.storage.k8s.io', spec.storageClassName),
      ]
    case 'Secret':
      return [text('type', (object as any).type)]
    case 'Lease':
      return [text('holder', spec.holderIdentity), text('renewed', spec.renewTime)]
    case 'Event':
      return [text('reason', (object as any).reason), text('message', (object as any).message)]
    default:
      return []
  }
}

function replicasText(spec: any, status: any): string {
  return `${status.readyReplicas ?? 0} of ${spec.replicas ?? 1} ready`
}

function strategyText(strategy: any): string | undefined {
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {}
  return (
    strategy &&
    (maxSurge === undefined ? strategy.type : `${strategy.type}, surge ${maxSurge}, unavailable ${maxUnavailable}`)
  )
}

function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}

function imagesText(podSpec: any): string {
  return (podSpec?.containers ?? []).map((container: any) => container.image).join(', ')
}

function portText({ port, targetPort, nodePort, protocol }: any): string {
  const target = targetPort !== undefined && targetPort !== port ? ` → ${targetPort}` : ''
  return `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}${target}`
}

function volumeLinks(spec: any, namespace: string | undefined): Link[] {
  const links: Link[] = []
  for (const volume of spec.volumes ?? []) {
    if (volume.persistentVolumeClaim)
      links.push(linkTo('persistentvolumeclaims', volume.persistentVolumeClaim.claimName, namespace))
    if (volume.configMap) links.push(linkTo('configmaps', volume.configMap.name, namespace))
    if (volume.secret) links.push(linkTo('secrets', volume.secret.secretName, namespace))
  }
  return links
}
