import type { FunctionComponent } from 'react'
import { useTranslation } from 'react-i18next'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { podsMounting } from '../../graph/pod-view.ts'
import type { Selection } from '../../state/page-store.ts'
import { Links } from '../ObjectLink.tsx'
import { Section } from '../Section.tsx'
import { CronJobParts, JobParts } from './Batch.tsx'
import { CustomParts, DefinitionParts, EventParts, NamespaceParts, NodeParts } from './ClusterParts.tsx'
import { Conditions } from './Conditions.tsx'
import { DataEntries } from './DataEntries.tsx'
import { factsOf } from './facts.ts'
import { PodsOfGroup } from './PodList.tsx'
import { PodParts } from './PodParts.tsx'
import { AutoscalerParts, BindingParts, BudgetParts, LimitRangeParts, QuotaParts, RoleParts } from './Policies.tsx'
import { PolicyParts, RouteParts, ServiceParts, SliceParts } from './Traffic.tsx'
import { Workload } from './Workload.tsx'
import './overview.css'

type Parts = FunctionComponent<{ readonly object: KubeObject; readonly selection: Selection }>

/** What there is to see of a kind, beside its facts, conditions and labels. */
const parts: Readonly<Record<string, Parts>> = {
  Pod: PodParts,
  Node: NodeParts,
  Deployment: Workload,
  ReplicaSet: Workload,
  ReplicationController: Workload,
  StatefulSet: Workload,
  DaemonSet: Workload,
  Job: JobParts,
  CronJob: CronJobParts,
  Service: ServiceParts,
  EndpointSlice: SliceParts,
  Ingress: RouteParts,
  HTTPRoute: RouteParts,
  NetworkPolicy: PolicyParts,
  HorizontalPodAutoscaler: AutoscalerParts,
  PodDisruptionBudget: BudgetParts,
  ResourceQuota: QuotaParts,
  LimitRange: LimitRangeParts,
  Role: RoleParts,
  ClusterRole: RoleParts,
  RoleBinding: BindingParts,
  ClusterRoleBinding: BindingParts,
  Namespace: NamespaceParts,
  Event: EventParts,
  CustomResourceDefinition: DefinitionParts,
  PersistentVolumeClaim: ClaimParts,
  ConfigMap: ({ object }) => <DataEntries data={(object as any).data} />,
  Secret: ({ object }) => <DataEntries data={(object as any).data} isSecret />,
}

/** Facts that the parts of a kind tell better. */
const toldBelow: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['replicas', 'images'],
  ReplicaSet: ['replicas'],
  StatefulSet: ['replicas'],
  Service: ['ports'],
  Ingress: ['hosts', 'backends'],
  Node: ['taints'],
  Pod: ['volumes'],
}

/** The first look at an object: what matters for its kind, then what all kinds have. */
export function Overview({ object, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  const told = toldBelow[object.kind] ?? []
  const facts = factsOf(object).filter(({ label }) => !told.includes(label))
  const KindParts = Object.hasOwn(parts, object.kind) ? parts[object.kind]! : CustomParts
  return (
    <>
      {facts.length > 0 && (
        <dl className="facts">
          {facts.map(({ label, text, links }) => (
            <div key={label}>
              <dt>{t(`inspector.fact.${label}`)}</dt>
              <dd>{links ? <Links links={links} /> : text}</dd>
            </div>
          ))}
        </dl>
      )}
      <KindParts object={object} selection={selection} />
      <Conditions conditions={object.status?.conditions} />
      <Tags title={t('inspector.labels')} entries={object.metadata.labels} />
      <Tags title={t('inspect.annotations')} entries={shownAnnotations(object)} />
    </>
  )
}

function ClaimParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  return <PodsOfGroup group={podsMounting(keyOf(object))} title={t('inspector.mountedBy')} />
}

/** What a tool wrote for itself is long and tells nobody anything. */
function shownAnnotations({ metadata }: KubeObject): Record<string, string> {
  const entries = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !key.endsWith('/last-applied-configuration'),
  )
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value.length > 120 ? `${value.slice(0, 120)}…` : value]),
  )
}

function Tags({ title, entries = {} }: { title: string; entries?: Readonly<Record<string, string>> | undefined }) {
  const all = Object.entries(entries)
  if (all.length === 0) return null
  return (
    <Section title={title}>
      <div className="labels">
        {all.map(([key, value]) => (
          <span key={key} className="tag">
            {key}={value}
          </span>
        ))}
      </div>
    </Section>
  )
}
