import { humanDuration } from '../../machinery/duration.ts'
import { ageColumn, column, nameColumn } from '../columns.ts'
import type { PrinterColumn } from '../kind.ts'

const text = (name: string, description: string, cell: PrinterColumn['cell']) => column(name, cell, { description })

/** `10.0.0.1:80,10.0.0.2:80 + 3 more...`. Upstream: printers/internalversion, formatEndpoints. */
function endpointsText(subsets: readonly any[]): string {
  const shown = 3
  if (subsets.length === 0) return '<none>'
  const all = subsets.flatMap(({ ports, addresses }) =>
    (ports ?? []).flatMap(({ port = 0 }: any) =>
      (addresses ?? []).map(({ ip = '' }: any) => `${String(ip).includes(':') ? `[${ip}]` : ip}:${port}`),
    ),
  )
  const list = all.slice(0, shown).join(',')
  return all.length > shown ? `${list} + ${all.length - shown} more...` : list
}

/** Upstream: extractCSRStatus. */
function requestStatus({ conditions = [], certificate = '' }: { conditions?: any[]; certificate?: string }): string {
  const has = (type: string) => conditions.some((one) => one.type === type)
  const decided = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return `${decided}${has('Failed') ? ',Failed' : ''}${certificate ? ',Issued' : ''}`
}

function serviceText(service: any): string {
  return service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local'
}

function availability(conditions: readonly any[]): string {
  const condition = conditions.find(({ type }) => type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason ?? ''})`
}

const limitOf = (spec: any) => spec?.limited
const queuingOf = (spec: any) => limitOf(spec)?.limitResponse?.queuing

/** Columns of addresses, certificates, flow control and the API itself. Upstream: printers/internalversion. */
export const clusterPrinters: Readonly<Record<string, readonly PrinterColumn[]>> = {
  endpoints: [
    nameColumn,
    text('Endpoints', 'core.v1.Endpoints.subsets', (object: any) => endpointsText(object.subsets ?? [])),
    ageColumn,
  ],
  componentstatuses: [
    nameColumn,
    text('Status', 'Status of the component conditions', (object: any) => {
      const status = object.conditions?.find(({ type }: any) => type === 'Healthy')?.status
      return status === 'True' ? 'Healthy' : status === 'False' ? 'Unhealthy' : 'Unknown'
    }),
    text('Message', 'Message of the component conditions', (object: any) => object.conditions?.[0]?.message ?? ''),
    text('Error', 'Error of the component conditions', (object: any) => object.conditions?.[0]?.error ?? ''),
  ],
  'certificatesigningrequests.certificates.k8s.io': [
    nameColumn,
    ageColumn,
    text(
      'SignerName',
      'certificates.v1.CertificateSigningRequestSpec.signerName',
      ({ spec }) => spec?.signerName ?? '',
    ),
    text('Requestor', 'certificates.v1.CertificateSigningRequestSpec.request', ({ spec }) => spec?.username ?? ''),
    text('RequestedDuration', 'certificates.v1.CertificateSigningRequestSpec.expirationSeconds', ({ spec }) =>
      spec?.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
    ),
    text('Condition', 'certificates.v1.CertificateSigningRequestStatus.conditions', ({ status }) =>
      requestStatus(status ?? {}),
    ),
  ],
  'servicecidrs.networking.k8s.io': [
    nameColumn,
    text('CIDRs', 'networking.v1.ServiceCIDRSpec.cidrs', ({ spec }) => (spec?.cidrs ?? []).join(',')),
    ageColumn,
  ],
  'ipaddresses.networking.k8s.io': [
    nameColumn,
    text(
      'ParentRef',
      'ParentRef references the resource that an IPAddress is attached to. An IPAddress must reference a parent object.',
      ({ spec }) => {
        const { group, resource = '', namespace, name = '' } = spec?.parentRef ?? {}
        if (!spec?.parentRef) return '<none>'
        return `${resource}${group ? `.${group}` : ''}`.toLowerCase() + `${namespace ? `/${namespace}` : ''}/${name}`
      },
    ),
    // Upstream prints an age here without announcing it.
    { ...ageColumn, name: '' },
  ],
  'flowschemas.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    text(
      'PriorityLevel',
      'flowcontrol.v1.PriorityLevelConfigurationReference.name',
      ({ spec }) => spec?.priorityLevelConfiguration?.name ?? '',
    ),
    text(
      'MatchingPrecedence',
      'flowcontrol.v1.FlowSchemaSpec.matchingPrecedence',
      ({ spec }) => spec?.matchingPrecedence ?? 0,
    ),
    text(
      'DistinguisherMethod',
      '`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema. `nil` specifies that the distinguisher is disabled and thus will always be the empty string.',
      ({ spec }) => spec?.distinguisherMethod?.type ?? '<none>',
    ),
    ageColumn,
    text(
      'MissingPL',
      'references a broken or non-existent PriorityLevelConfiguration',
      ({ status }) => status?.conditions?.find(({ type }: any) => type === 'Dangling')?.status ?? '?',
    ),
  ],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    text('Type', 'flowcontrol.v1.PriorityLevelConfigurationSpec.type', ({ spec }) => spec?.type ?? ''),
    text(
      'NominalConcurrencyShares',
      'flowcontrol.v1.LimitedPriorityLevelConfiguration.nominalConcurrencyShares',
      ({ spec }) => limitOf(spec)?.nominalConcurrencyShares ?? '<none>',
    ),
    text('Queues', 'flowcontrol.v1.QueuingConfiguration.queues', ({ spec }) => queuingOf(spec)?.queues ?? '<none>'),
    text(
      'HandSize',
      'flowcontrol.v1.QueuingConfiguration.handSize',
      ({ spec }) => queuingOf(spec)?.handSize ?? '<none>',
    ),
    text(
      'QueueLengthLimit',
      'flowcontrol.v1.QueuingConfiguration.queueLengthLimit',
      ({ spec }) => queuingOf(spec)?.queueLengthLimit ?? '<none>',
    ),
    ageColumn,
  ],
  'apiservices.apiregistration.k8s.io': [
    nameColumn,
    text('Service', 'The reference to the service that hosts this API endpoint.', ({ spec }) =>
      serviceText(spec?.service),
    ),
    text('Available', 'Whether this service is available.', ({ status }) => availability(status?.conditions ?? [])),
    ageColumn,
  ],
}
