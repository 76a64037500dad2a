import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { serviceOf } from '../../../kinds/endpointslice/endpoints.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { useObjects } from '../../state/cluster-store.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import { Section } from '../Section.tsx'
import { Table } from './Table.tsx'

/** A Service: its ports, and who answers behind it. */
export function ServiceParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { name, namespace } = object.metadata
  const slices = useObjects('endpointslices.discovery.k8s.io')
  const mine = useMemo(
    () => [...slices.values()].filter((slice) => serviceOf(slice) === `${namespace}/${name}`),
    [slices, name, namespace],
  )
  const ports: readonly any[] = object.spec?.ports ?? []
  return (
    <>
      {ports.length > 0 && (
        <Section title={t('inspector.fact.ports')}>
          <Table
            label={t('inspector.fact.ports')}
            columns={[
              t('inspect.name'),
              t('inspect.port'),
              t('inspect.targetPort'),
              ...(object.spec.type === 'ClusterIP' ? [] : [t('inspect.nodePort')]),
            ]}
            rows={ports.map((port, index) => ({
              key: String(index),
              cells: [
                port.name ?? '–',
                `${port.port}/${port.protocol ?? 'TCP'}`,
                String(port.targetPort ?? port.port),
                ...(object.spec.type === 'ClusterIP' ? [] : [port.nodePort ?? '–']),
              ],
            }))}
          />
        </Section>
      )}
      <Endpoints slices={mine} />
    </>
  )
}

/** The addresses of slices, with the pods behind them. */
export function Endpoints({ slices }: { slices: readonly KubeObject[] }) {
  const { t } = useTranslation()
  const rows = slices.flatMap((slice: any) =>
    ((slice.endpoints ?? []) as any[]).map((endpoint, index) => ({
      key: `${slice.metadata.name} ${index}`,
      isReady: endpoint.conditions?.ready !== false,
      cells: [
        <span key="state" className={endpoint.conditions?.ready !== false ? 'c-ok' : 'c-warn'}>
          {endpoint.conditions?.terminating
            ? t('inspect.terminating')
            : endpoint.conditions?.ready !== false
              ? t('inspect.ready')
              : t('inspect.notReady')}
        </span>,
        endpoint.targetRef ? (
          <ObjectLink
            key="pod"
            resource="pods"
            objectKey={`${endpoint.targetRef.namespace}/${endpoint.targetRef.name}`}
            text={endpoint.targetRef.name}
          />
        ) : (
          endpoint.addresses?.[0]
        ),
        endpoint.nodeName ?? '–',
      ],
    })),
  )
  const ready = rows.filter(({ isReady }) => isReady).length
  return (
    <Section
      title={t('inspect.endpoints')}
      aside={<span className="plain">{t('inspect.readyOf', { ready, count: rows.length })}</span>}
    >
      {rows.length > 0 ? (
        <Table
          label={t('inspect.endpoints')}
          columns={[t('inspect.state'), t('inspect.pod'), t('inspector.fact.node')]}
          rows={rows}
        />
      ) : (
        <p className="nothing">{t('inspect.noEndpoints')}</p>
      )}
    </Section>
  )
}

/** An EndpointSlice by itself. */
export function SliceParts({ object }: { object: KubeObject }) {
  return <Endpoints slices={[object]} />
}

/** Rules of an Ingress or an HTTPRoute: what comes in, and where it goes. */
export function RouteParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const rows = (object.kind === 'HTTPRoute' ? routeRows : ingressRows)(object)
  return (
    <Section title={t('inspect.rules')}>
      <Table
        label={t('inspect.rules')}
        columns={[t('inspect.host'), t('inspect.path'), t('inspect.backend')]}
        rows={rows.map(({ host, path, service, port }, index) => ({
          key: String(index),
          cells: [
            host,
            path,
            service ? (
              <span key="to">
                <ObjectLink resource="services" objectKey={`${object.metadata.namespace}/${service}`} text={service} />
                <span className="dim">:{port}</span>
              </span>
            ) : (
              '–'
            ),
          ],
        }))}
      />
    </Section>
  )
}

interface RouteRow {
  readonly host: string
  readonly path: string
  readonly service?: string
  readonly port: string
}

function ingressRows({ spec = {} }: KubeObject): RouteRow[] {
  const row = (host: string, path: string, backend: any): RouteRow => ({
    host,
    path,
    service: backend?.service?.name,
    port: String(backend?.service?.port?.number ?? backend?.service?.port?.name ?? ''),
  })
  return [
    ...(spec.rules ?? []).flatMap((rule: any) =>
      (rule.http?.paths ?? []).map((path: any) =>
        row(rule.host ?? '*', `${path.path ?? '/'}${path.pathType === 'Exact' ? ' =' : ''}`, path.backend),
      ),
    ),
    ...(spec.defaultBackend ? [row('*', '*', spec.defaultBackend)] : []),
  ]
}

function routeRows({ spec = {} }: KubeObject): RouteRow[] {
  const host = (spec.hostnames ?? ['*']).join(', ')
  return (spec.rules ?? []).flatMap((rule: any) => {
    const path = (rule.matches ?? []).map((match: any) => match.path?.value ?? '/').join(', ') || '/'
    return (rule.backendRefs ?? [{}]).map((ref: any) => ({
      host,
      path,
      service: ref.name,
      port: `${ref.port ?? ''}${ref.weight === undefined ? '' : ` ×${ref.weight}`}`,
    }))
  })
}

/** A NetworkPolicy's rules, each a line: which way, with whom, on which ports. */
export function PolicyParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { spec = {} } = object
  const types: readonly string[] = spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])]
  const rows = types.flatMap((type) => {
    const rules: readonly any[] = (type === 'Ingress' ? spec.ingress : spec.egress) ?? []
    if (rules.length === 0) return [{ key: type, cells: [type, t('inspect.nobody'), '–'] }]
    return rules.map((rule, index) => ({
      key: `${type} ${index}`,
      cells: [
        type,
        ((type === 'Ingress' ? rule.from : rule.to) ?? []).map(peerText).join('; ') || t('inspect.anybody'),
        (rule.ports ?? [])
          .map(
            ({ port, endPort, protocol = 'TCP' }: any) => `${port ?? '*'}${endPort ? `–${endPort}` : ''}/${protocol}`,
          )
          .join(', ') || t('inspect.anyPort'),
      ],
    }))
  })
  return (
    <Section title={t('inspect.allowed')}>
      <Table
        label={t('inspect.allowed')}
        columns={[t('inspect.direction'), t('inspect.peers'), t('inspector.fact.ports')]}
        rows={rows}
      />
    </Section>
  )
}

function peerText({ podSelector, namespaceSelector, ipBlock }: any): string {
  if (ipBlock) return ipBlock.except ? `${ipBlock.cidr} ∖ ${ipBlock.except.join(', ')}` : ipBlock.cidr
  const labels = (selector: any) =>
    [
      ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
      ...(selector.matchExpressions ?? []).map(
        ({ key, operator, values = [] }: any) => `${key} ${operator} ${values.join(',')}`,
      ),
    ].join(', ') || '*'
  return [podSelector && `Pod ${labels(podSelector)}`, namespaceSelector && `Namespace ${labels(namespaceSelector)}`]
    .filter(Boolean)
    .join(' & ')
}
