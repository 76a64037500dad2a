import type { TFunction } from 'i18next'
import type { KubeObject } from '../../machinery/objects.ts'
import { splitKey } from '../../machinery/objects.ts'
import { iconOfResource, resourceOfKind } from '../inspector/resources.ts'
import { momentText } from '../shell/time-text.ts'
import { parseTime } from '../../lib/time.ts'
import type { ClusterState } from '../state/cluster-store.ts'
import { select, setCollapsed } from '../state/page-store.ts'
import type { Entry } from './entry.ts'
import { entry } from './entry.ts'
import { openMachineDialog } from '../graph/machine-dialog-store.ts'
import { openShell } from '../terminal/terminal-store.ts'
import { patch, perform } from './perform.ts'

/** Resources whose objects nobody looks for by name. */
const unseen = new Set(['events', 'events.events.k8s.io', 'leases.coordination.k8s.io', 'controllerrevisions.apps'])
const eventsListed = 200

/** Every object, to go to. Built once each time the palette opens. */
export function objectEntries({ resources }: ClusterState): Entry[] {
  return Object.entries(resources).flatMap(([resource, { byKey }]) => {
    if (unseen.has(resource)) return []
    const icon = iconOfResource(resource)
    return [...byKey].map(([key, object]) => {
      const { namespace, name } = splitKey(key)
      const labels = Object.entries(object.metadata.labels ?? {}).map(([label, value]) => `${label}=${value}`)
      const detail = namespace ? `${object.kind} · ${namespace}` : object.kind
      return entry({
        group: 'goto',
        icon,
        title: name,
        detail,
        also: `${resource} ${labels.join(' ')}`,
        run: () => goTo(resource, key),
      })
    })
  })
}

/** What the cluster said lately: each leads to the object that it is about. */
export function eventEntries({ resources, clock }: ClusterState): Entry[] {
  const events = [...(resources.events?.byKey.values() ?? [])] as EventLike[]
  return events.slice(-eventsListed).map((event) => {
    const about = event.involvedObject ?? event.regarding ?? {}
    const at = parseTime(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) ?? clock.epoch
    const key = about.namespace ? `${about.namespace}/${about.name}` : (about.name ?? '')
    return {
      ...entry({
        group: 'goto',
        icon: 'event',
        verb: event.reason ?? '',
        title: about.name ?? '',
        detail: momentText(Math.max(0, at - clock.epoch)),
        also: `event ${about.kind ?? ''}`,
        run: () => goTo(resourceOfKind(about.apiVersion ?? 'v1', about.kind ?? ''), key),
      }),
      id: `event ${event.metadata.namespace}/${event.metadata.name}`,
    }
  })
}

interface EventLike extends KubeObject {
  readonly reason?: string
  readonly lastTimestamp?: string
  readonly eventTime?: string
  readonly involvedObject?: { apiVersion?: string; kind?: string; namespace?: string; name?: string }
  readonly regarding?: { apiVersion?: string; kind?: string; namespace?: string; name?: string }
}

function goTo(resource: string, key: string): void {
  setCollapsed('inspector', false)
  select({ resource, key })
}

const scalable = ['deployments.apps', 'statefulsets.apps', 'replicasets.apps']
const restartable = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps']

/** What can be done to nodes, zones, workloads and pods. `wanted` is the number at the end of what was typed. */
export function clusterActions(t: TFunction, state: ClusterState, wanted: number | undefined): Entry[] {
  return [
    ...nodeActions(t, state),
    ...zoneActions(t, state),
    ...workloadActions(t, state, wanted),
    ...podActions(t, state),
    ...controlPlaneActions(t, state),
    ...machineActions(t),
  ]
}

function nodeActions(t: TFunction, { machines, resources }: ClusterState): Entry[] {
  const fromMachines = [...machines.values()].flatMap(({ name, zone, plugged, powered }) => [
    entry({
      group: 'do',
      icon: 'ui-unplug',
      verb: t(plugged ? 'palette.do.unplug' : 'palette.do.plug'),
      title: name,
      detail: zone,
      also: 'network cable',
      run: () => void perform({ type: 'machine', name, change: plugged ? 'unplug' : 'plug' }),
    }),
    entry({
      group: 'do',
      icon: 'ui-power',
      verb: t(powered ? 'palette.do.powerOff' : 'palette.do.powerOn'),
      title: name,
      detail: zone,
      run: () => void perform({ type: 'machine', name, change: powered ? 'powerOff' : 'powerOn' }),
    }),
    entry({
      group: 'do',
      icon: 'ui-drain',
      verb: t('graph.menu.drain'),
      title: name,
      detail: zone,
      also: 'kubectl drain evict',
      run: () => void perform({ type: 'drain', name }),
    }),
    entry({
      group: 'do',
      icon: 'ui-fit',
      verb: t('palette.do.resize'),
      title: name,
      detail: zone,
      run: () => openMachineDialog({ mode: 'resize', name }),
    }),
    ...(['crash', 'fillDisk', 'fillMemory', 'slowNetwork'] as const).map((what) =>
      entry({
        group: 'do',
        icon: 'ui-warn',
        verb: `${t(`graph.menu.${what}`)}:`,
        title: name,
        detail: zone,
        also: 'fault break',
        run: () => void perform({ type: 'fault', fault: { on: 'node', name, what } }),
      }),
    ),
    entry({
      group: 'do',
      icon: 'ui-x',
      verb: t('palette.do.delete'),
      title: name,
      detail: t('palette.node'),
      run: () => void perform({ type: 'machine', name, change: 'remove' }),
    }),
  ])
  const fromNodes = [...(resources.nodes?.byKey ?? [])].map(([name, node]) => {
    const cordoned = node.spec?.unschedulable === true
    return entry({
      group: 'do',
      icon: 'ui-cordon',
      verb: t(cordoned ? 'palette.do.uncordon' : 'palette.do.cordon'),
      title: name,
      also: 'kubectl node',
      run: () => void perform({ type: 'cordon', name, cordon: !cordoned }),
    })
  })
  return [...fromMachines, ...fromNodes]
}

function zoneActions(t: TFunction, { machines }: ClusterState): Entry[] {
  const zones = new Set([...machines.values()].map(({ zone }) => zone))
  return [...zones].flatMap((zone) => {
    const members = [...machines.values()].filter((machine) => machine.zone === zone)
    const plugged = members.some((member) => member.plugged)
    return [
      entry({
        group: 'do',
        icon: 'zone',
        verb: t(plugged ? 'palette.do.unplugZone' : 'palette.do.plugZone'),
        title: zone,
        detail: t('palette.nodes', { count: members.length }),
        run: () => {
          for (const { name } of members.filter((member) => member.plugged === plugged))
            void perform({ type: 'machine', name, change: plugged ? 'unplug' : 'plug' })
        },
      }),
    ]
  })
}

function workloadActions(t: TFunction, { resources, clock }: ClusterState, wanted: number | undefined): Entry[] {
  const objects = (names: readonly string[]) =>
    names.flatMap((resource) =>
      [...(resources[resource]?.byKey ?? [])]
        // What a Deployment owns follows the Deployment.
        .filter(([, object]) => !object.metadata.ownerReferences?.some((owner) => owner.controller))
        .map(([key, object]) => ({ resource, object, ...splitKey(key), namespace: splitKey(key).namespace ?? '' })),
    )
  const scale = objects(scalable).map(({ resource, object, namespace, name }) => {
    const replicas = wanted ?? (object.spec?.replicas ?? 1) + 1
    return entry({
      group: 'do',
      icon: iconOfResource(resource),
      verb: t('palette.do.scale', { count: replicas }),
      title: name,
      detail: namespace,
      also: `scale ${wanted === undefined ? '' : wanted} replicas`,
      run: () => void perform({ type: 'scale', resource, namespace, name, replicas }),
    })
  })
  const restart = objects(restartable).map(({ resource, namespace, name }) =>
    entry({
      group: 'do',
      icon: 'ui-undo',
      verb: t('palette.do.restart'),
      title: name,
      detail: namespace,
      also: 'rollout restart',
      run: () => {
        const at = new Date(clock.epoch + clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
        const annotations = { 'kubectl.kubernetes.io/restartedAt': at }
        const path = `/apis/apps/v1/namespaces/${namespace}/${resource.split('.')[0]}/${name}`
        void patch(path, { spec: { template: { metadata: { annotations } } } })
      },
    }),
  )
  const remove = objects(['pods', 'services', ...restartable, 'jobs.batch', 'cronjobs.batch']).map(
    ({ resource, object, namespace, name }) =>
      entry({
        group: 'do',
        icon: 'ui-x',
        verb: t('palette.do.delete'),
        title: name,
        detail: `${object.kind} · ${namespace}`,
        run: () => void perform({ type: 'delete', resource, namespace, name }),
      }),
  )
  return [...scale, ...restart, ...remove]
}

/** What can be done to pods whose containers run. */
function podActions(t: TFunction, { resources }: ClusterState): Entry[] {
  return [...(resources.pods?.byKey ?? [])].flatMap(([key, pod]) => {
    if (pod.status?.phase !== 'Running') return []
    const { namespace = '', name } = splitKey(key)
    return [
      entry({
        group: 'do',
        icon: 'ui-term',
        verb: t('palette.do.shell'),
        title: name,
        detail: namespace,
        also: 'terminal exec',
        run: () => openShell(namespace, name),
      }),
      entry({
        group: 'do',
        icon: 's-crash',
        verb: t('palette.do.crash'),
        title: name,
        detail: namespace,
        also: 'kill fault',
        run: () => void perform({ type: 'fault', fault: { on: 'pod', namespace, name, what: 'crash' } }),
      }),
    ]
  })
}

/** The parts of the control plane, stopped and started. */
function controlPlaneActions(t: TFunction, { journal }: ClusterState): Entry[] {
  return (['scheduler', 'controllerManager'] as const).map((part) => {
    const last = journal.findLast(
      ({ action }) => action.type === 'fault' && action.fault.on === 'controlPlane' && action.fault.part === part,
    )?.action
    const isStopped = last?.type === 'fault' && last.fault.on === 'controlPlane' && !last.fault.isOver
    return entry({
      group: 'do',
      icon: part === 'scheduler' ? 'scheduler' : 'controllermanager',
      verb: t(isStopped ? 'graph.menu.startPart' : 'graph.menu.stopPart'),
      title: part === 'scheduler' ? 'kube-scheduler' : 'kube-controller-manager',
      also: 'control plane fault',
      run: () =>
        void perform({ type: 'fault', fault: { on: 'controlPlane', part, ...(isStopped && { isOver: true }) } }),
    })
  })
}

function machineActions(t: TFunction): Entry[] {
  return (['add', 'addZone'] as const).map((mode) =>
    entry({
      group: 'do',
      icon: 'ui-plus',
      title: t(mode === 'add' ? 'graph.menu.addNode' : 'graph.menu.addZone'),
      also: 'machine new',
      run: () => openMachineDialog({ mode }),
    }),
  )
}
