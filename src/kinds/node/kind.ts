import { invalid, notSupported, required, type FieldError } from '../../machinery/field-errors.ts'
import { isLabelValue, isQualifiedName } from '../../machinery/names.ts'
import { ageColumn, column, nameColumn, orNone } from '../columns.ts'
import { defineKind } from '../kind.ts'
import { clusterMeta, metaUpdate } from '../meta-validation.ts'

const rolePrefix = 'node-role.kubernetes.io/'

export const Node = defineKind({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.Node',
  hasStatus: true,
  subresources: ['proxy', 'status'],
  applyDefaults(node) {
    if (node.status?.capacity && !node.status.allocatable) node.status.allocatable = { ...node.status.capacity }
  },
  validate: (node) => [...clusterMeta(node), ...validateTaints(node.spec?.taints ?? [])],
  validateUpdate(node, old) {
    const errors = [...metaUpdate(node, old), ...clusterMeta(node), ...validateTaints(node.spec?.taints ?? [])]
    if (old.spec?.podCIDR && node.spec?.podCIDR !== old.spec.podCIDR)
      errors.push({
        type: 'FieldValueForbidden',
        field: 'spec.podCIDRs',
        message: 'Forbidden: node updates may not change podCIDR except from "" to valid',
      })
    if (old.spec?.providerID && node.spec?.providerID !== old.spec.providerID)
      errors.push({
        type: 'FieldValueForbidden',
        field: 'spec.providerID',
        message: 'Forbidden: node updates may not change providerID except from "" to valid',
      })
    return errors
  },
  validateStatusUpdate: metaUpdate,
  columns: [
    nameColumn,
    column('Status', nodeStatus, { description: 'The status of the node' }),
    column('Roles', nodeRoles, { description: 'The roles of the node' }),
    ageColumn,
    column('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? '', {
      description: 'core.v1.NodeSystemInfo.kubeletVersion',
    }),
    column('Internal-IP', (node) => addressOf(node, 'InternalIP'), {
      priority: 1,
      description: 'core.v1.NodeStatus.addresses',
    }),
    column('External-IP', (node) => addressOf(node, 'ExternalIP'), {
      priority: 1,
      description: 'core.v1.NodeStatus.addresses',
    }),
    column('OS-Image', ({ status }) => status?.nodeInfo?.osImage || '<unknown>', {
      priority: 1,
      description: 'core.v1.NodeSystemInfo.osImage',
    }),
    column('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>', {
      priority: 1,
      description: 'core.v1.NodeSystemInfo.kernelVersion',
    }),
    column('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>', {
      priority: 1,
      description: 'core.v1.NodeSystemInfo.containerRuntimeVersion',
    }),
  ],
  selectableFields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable ?? false) }),
})

function nodeStatus({ spec, status }: { spec?: any; status?: any }): string {
  const ready = (status?.conditions ?? []).find((one: any) => one.type === 'Ready')
  const text = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return spec?.unschedulable ? `${text},SchedulingDisabled` : text
}

function nodeRoles({ metadata }: { metadata: { labels?: Readonly<Record<string, string>> } }): string {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role' && value) roles.add(value)
  }
  return orNone([...roles].sort().join(','))
}

function addressOf({ status }: { status?: any }, type: string): string {
  return orNone((status?.addresses ?? []).find((one: any) => one.type === type)?.address)
}

function validateTaints(taints: readonly any[]): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [index, { key, value, effect }] of taints.entries()) {
    const at = `spec.taints[${index}]`
    for (const message of isQualifiedName(key ?? '')) errors.push(invalid(`${at}.key`, key ?? '', message))
    for (const message of isLabelValue(value ?? '')) errors.push(invalid(`${at}.value`, value, message))
    if (!effect) errors.push(required(`${at}.effect`))
    else if (!['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect))
      errors.push(notSupported(`${at}.effect`, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']))
    const pair = `${key} ${effect}`
    if (seen.has(pair))
      errors.push({
        type: 'FieldValueDuplicate',
        field: at,
        message: `Duplicate value: ${JSON.stringify({ key, value, effect })}: taints must be unique by key and effect pair`,
      })
    seen.add(pair)
  }
  return errors
}
