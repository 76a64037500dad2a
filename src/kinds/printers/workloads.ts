import { formatLabels } from '../../machinery/selectors.ts'
import { ageColumn, column, nameColumn, templateColumns } from '../columns.ts'
import type { PrinterColumn } from '../kind.ts'

const count = (name: string, description: string, cell: PrinterColumn['cell']) =>
  column(name, cell, { type: 'integer', description })

/** What a spec may use of a metric's target, and what a status says of its current value. */
interface MetricValue {
  readonly type?: string
  readonly value?: string
  readonly averageValue?: string
  readonly averageUtilization?: number
}

/** `cpu: 10%/80%, memory: 200Mi/500Mi`. Upstream: printers/internalversion, formatHPAMetrics. */
function targets(specs: readonly any[], statuses: readonly any[]): string {
  const shown = 2
  if (specs.length === 0) return '<none>'
  const list = specs.map((spec, index) => metricText(spec, statuses[index]))
  const text = list.slice(0, shown).join(', ')
  return list.length > shown ? `${text} + ${list.length - shown} more...` : text
}

function metricText(spec: any, status: any): string {
  const unknown = '<unknown>'
  const key = `${String(spec.type ?? '')
    .charAt(0)
    .toLowerCase()}${String(spec.type ?? '').slice(1)}`
  const target: MetricValue = spec[key]?.target ?? {}
  const current: MetricValue = status?.[key]?.current ?? {}
  switch (spec.type) {
    case 'External':
    case 'Object':
      if (target.averageValue !== undefined) return `${current.averageValue ?? unknown}/${target.averageValue} (avg)`
      return `${current.value ?? unknown}/${target.value ?? '<auto>'}`
    case 'Pods':
      return `${current.averageValue ?? unknown}/${target.averageValue ?? '<auto>'}`
    case 'Resource':
    case 'ContainerResource': {
      const name = spec[key]?.name ?? ''
      if (target.averageValue !== undefined) return `${name}: ${current.averageValue ?? unknown}/${target.averageValue}`
      const utilization = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`
      return `${name}: ${current.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`}/${utilization}`
    }
    default:
      return '<unknown type>'
  }
}

const scaler = (name: string, description: string, cell: PrinterColumn['cell']) => column(name, cell, { description })

/** Columns of workloads and what scales them. Upstream: printers/internalversion. */
export const workloadPrinters: Readonly<Record<string, readonly PrinterColumn[]>> = {
  podtemplates: [
    nameColumn,
    ...templateColumns((object: any) => object.template?.spec).map((one) => ({ ...one, priority: 0 as const })),
    column('Pod Labels', (object: any) => formatLabels(object.template?.metadata?.labels), {
      description: 'The labels for the pod template.',
    }),
  ],
  replicationcontrollers: [
    nameColumn,
    count('Desired', 'core.v1.ReplicationControllerSpec.replicas', ({ spec }) => spec?.replicas ?? 0),
    count('Current', 'core.v1.ReplicationControllerStatus.replicas', ({ status }) => status?.replicas ?? 0),
    count('Ready', 'core.v1.ReplicationControllerStatus.readyReplicas', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns((object) => object.spec?.template?.spec),
    column('Selector', ({ spec }) => formatLabels(spec?.selector), {
      priority: 1,
      description: 'core.v1.ReplicationControllerSpec.selector',
    }),
  ],
  'controllerrevisions.apps': [
    nameColumn,
    column(
      'Controller',
      ({ metadata }) => {
        const owner = metadata.ownerReferences?.find(({ controller }) => controller)
        if (!owner) return '<none>'
        const group = (owner.apiVersion ?? '').includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
        return `${owner.kind ?? ''}${group}`.toLowerCase() + `/${owner.name ?? ''}`
      },
      { description: 'Controller of the object' },
    ),
    column('Revision', (object: any) => object.revision ?? 0, { description: 'apps.v1.ControllerRevision.revision' }),
    ageColumn,
  ],
  'horizontalpodautoscalers.autoscaling': [
    nameColumn,
    scaler(
      'Reference',
      'scaleTargetRef points to the target resource to scale, and is used to the pods for which metrics should be collected, as well as to actually change the replica count.',
      ({ spec }) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`,
    ),
    scaler(
      'Targets',
      'metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count across all metrics will be used).  The desired replica count is calculated multiplying the ratio between the target value and the current value by the current number of pods.  Ergo, metrics used must decrease as the pod count is increased, and vice-versa.  See the individual metric source types for more information about how each type of metric must respond. If not set, the default metric will be set to 80% average CPU utilization.',
      ({ spec, status }) => targets(spec?.metrics ?? [], status?.currentMetrics ?? []),
    ),
    scaler(
      'MinPods',
      'minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.  It defaults to 1 pod.  minReplicas is allowed to be 0 if the alpha feature gate HPAScaleToZero is enabled and at least one Object or External metric is configured.  Scaling is active as long as at least one metric value is available.',
      ({ spec }) => (spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas)),
    ),
    scaler(
      'MaxPods',
      'maxReplicas is the upper limit for the number of replicas to which the autoscaler can scale up. It cannot be less that minReplicas.',
      ({ spec }) => spec?.maxReplicas ?? 0,
    ),
    scaler(
      'Replicas',
      'currentReplicas is current number of replicas of pods managed by this autoscaler, as last seen by the autoscaler.',
      ({ status }) => status?.currentReplicas ?? 0,
    ),
    ageColumn,
  ],
}
