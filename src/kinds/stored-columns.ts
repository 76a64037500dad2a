import { formatLabels, formatLabelSelector } from '../machinery/selectors.ts'
import { ageColumn, column, createdAtColumn, nameColumn, templateColumns } from './columns.ts'
import type { PrinterColumn } from './kind.ts'
import { admissionPrinters } from './printers/admission.ts'
import { clusterPrinters } from './printers/cluster.ts'
import { storagePrinters } from './printers/storage.ts'
import { workloadPrinters } from './printers/workloads.ts'

/** Rows of kinds without a folder of their own; those without a printer upstream show when they were made. */
export function storedColumns(resource: string): readonly PrinterColumn[] {
  return columns[resource] ?? (withoutPrinter.has(resource) ? [nameColumn, createdAtColumn] : [nameColumn, ageColumn])
}

const withoutPrinter = new Set(['customresourcedefinitions.apiextensions.k8s.io'])

const countColumn = (name: string, field: string, description: string) =>
  column(name, ({ status }) => status?.[field] ?? 0, { type: 'integer', description })
const columns: Readonly<Record<string, readonly PrinterColumn[]>> = {
  ...workloadPrinters,
  ...clusterPrinters,
  ...storagePrinters,
  ...admissionPrinters,
  'statefulsets.apps': [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`, {
      description: 'Number of the pod with ready state',
    }),
    ageColumn,
    ...templateColumns((object) => object.spec?.template?.spec),
  ],
  'daemonsets.apps': [
    nameColumn,
    countColumn('Desired', 'desiredNumberScheduled', 'apps.v1.DaemonSetStatus.desiredNumberScheduled'),
    countColumn('Current', 'currentNumberScheduled', 'apps.v1.DaemonSetStatus.currentNumberScheduled'),
    countColumn('Ready', 'numberReady', 'apps.v1.DaemonSetStatus.numberReady'),
    countColumn('Up-to-date', 'updatedNumberScheduled', 'apps.v1.DaemonSetStatus.updatedNumberScheduled'),
    countColumn('Available', 'numberAvailable', 'apps.v1.DaemonSetStatus.numberAvailable'),
    column('Node Selector', ({ spec }) => formatLabels(spec?.template?.spec?.nodeSelector), {
      description: 'core.v1.PodSpec.nodeSelector',
    }),
    ageColumn,
    ...templateColumns((object) => object.spec?.template?.spec),
    column('Selector', ({ spec }) => formatLabelSelector(spec?.selector), {
      priority: 1,
      description:
        "A label query over pods that are managed by the daemon set. Must match in order to be controlled. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    }),
  ],
  'networkpolicies.networking.k8s.io': [
    nameColumn,
    column('Pod-Selector', ({ spec }) => formatLabelSelector(spec?.podSelector ?? {}), {
      description:
        "podSelector selects the pods to which this NetworkPolicy object applies. The array of rules is applied to any pods selected by this field. An empty selector matches all pods in the policy's namespace. Multiple network policies can select the same set of pods. In this case, the ingress rules for each are combined additively. This field is optional. If it is not specified, it defaults to an empty selector.",
    }),
    ageColumn,
  ],
  'ingressclasses.networking.k8s.io': [
    nameColumn,
    column('Controller', ({ spec }) => spec?.controller ?? '', {
      description: 'Controller that is responsible for handling this class',
    }),
    column(
      'Parameters',
      ({ spec }) => {
        if (!spec?.parameters) return '<none>'
        const { kind = '', apiGroup, name = '' } = spec.parameters
        return `${kind}${apiGroup ? `.${apiGroup}` : ''}/${name}`
      },
      {
        description: 'A reference to a resource with additional parameters',
      },
    ),
    ageColumn,
  ],
}
