import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { CapacityBar } from '../graph/CapacityBar.tsx'
import { livePods, usePodsOn } from '../graph/live-pods.ts'
import { formatBytes, formatCores, nodeSummary } from '../graph/node-summary.ts'
import { PodRow } from './PodRow.tsx'
import { useMachine, useObjects } from '../state/cluster-store.ts'
import type { Selection } from '../state/page-store.ts'
import { Conditions } from './Conditions.tsx'
import { DataEntries } from './DataEntries.tsx'
import { factsOf } from './facts.ts'
import { Links, ObjectLink } from './ObjectLink.tsx'
import { Section } from './Section.tsx'

/** The first look at an object: what matters for its kind, then what all kinds have. */
export function Overview({ object, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  const facts = factsOf(object)
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
      <KindSection object={object} selection={selection} />
      <Conditions conditions={object.status?.conditions} />
      <Labels title={t('inspector.labels')} labels={object.metadata.labels} />
    </>
  )
}

function KindSection({ object, selection }: { object: KubeObject; selection: Selection }) {
  switch (object.kind) {
    case 'Node':
      return <NodeSection node={object} name={selection.key} />
    case 'Deployment':
      return (
        <>
          <OwnedSection owner={object} resource="replicasets.apps" />
          <PodsOf labels={object.spec?.selector?.matchLabels} namespace={object.metadata.namespace} />
        </>
      )
    case 'ReplicaSet':
      return <PodsOf labels={object.spec?.selector?.matchLabels} namespace={object.metadata.namespace} />
    case 'Service':
      return <PodsOf labels={object.spec?.selector} namespace={object.metadata.namespace} />
    case 'PersistentVolumeClaim':
      return <Mounters claim={object} />
    case 'ConfigMap':
      return <DataEntries data={(object as any).data} />
    case 'Secret':
      return <DataEntries data={(object as any).data} isSecret />
    default:
      return null
  }
}

function NodeSection({ node, name }: { node: KubeObject; name: string }) {
  const { t } = useTranslation()
  const machine = useMachine(name)
  const pods = usePodsOn(name).filter((pod) => !pod.ghost)
  const { cpu, memory } = nodeSummary(node, machine, pods)
  return (
    <>
      <Section title={t('inspector.capacity')} aside={<span className="plain">{t('inspector.capacityLegend')}</span>}>
        <CapacityBar
          label="cpu"
          capacity={cpu}
          value={`${formatCores(cpu.requested)} / ${formatCores(cpu.allocatable)}`}
        />
        <CapacityBar
          label="mem"
          capacity={memory}
          value={`${formatBytes(memory.requested)} / ${formatBytes(memory.allocatable)}`}
        />
      </Section>
      <Section title={t('inspector.pods', { count: pods.length })}>
        <ul className="rows">
          {pods.map((pod) => (
            <PodRow key={pod.uid} pod={pod} />
          ))}
        </ul>
      </Section>
    </>
  )
}

function OwnedSection({ owner, resource }: { owner: KubeObject; resource: string }) {
  const { t } = useTranslation()
  const objects = useObjects(resource)
  const owned = [...objects.values()].filter((object) =>
    object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid),
  )
  if (!owned.length) return null
  return (
    <Section title={t('inspector.replicaSets')}>
      <ul className="rows">
        {owned.map((object) => (
          <li key={object.metadata.uid}>
            <ObjectLink resource={resource} objectKey={keyOf(object)} text={object.metadata.name} />
            <span className="grow" />
            <span className="dim">
              {object.status?.readyReplicas ?? 0}/{object.spec?.replicas ?? 0}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function PodsOf({
  labels,
  namespace,
}: {
  labels: Readonly<Record<string, string>> | undefined
  namespace: string | undefined
}) {
  const { t } = useTranslation()
  const objects = useObjects('pods')
  const pods = useMemo(() => {
    const wanted = Object.entries(labels ?? {})
    if (!wanted.length) return []
    return [...objects.values()]
      .filter(
        (pod) =>
          pod.metadata.namespace === namespace && wanted.every(([key, value]) => pod.metadata.labels?.[key] === value),
      )
      .flatMap((pod) => livePods.get(keyOf(pod)) ?? [])
  }, [objects, labels, namespace])
  return (
    <Section title={t('inspector.pods', { count: pods.length })}>
      <ul className="rows">
        {pods.map((pod) => (
          <PodRow key={pod.uid} pod={pod} withNode />
        ))}
      </ul>
    </Section>
  )
}

function Mounters({ claim }: { claim: KubeObject }) {
  const { t } = useTranslation()
  // Subscribes to the pods; the views come from the index.
  useObjects('pods')
  const { name, namespace } = claim.metadata
  const pods = [...livePods.all()].filter((pod) => pod.namespace === namespace && pod.claims.includes(name))
  if (!pods.length) return null
  return (
    <Section title={t('inspector.mountedBy')}>
      <ul className="rows">
        {pods.map((pod) => (
          <PodRow key={pod.uid} pod={pod} withNode />
        ))}
      </ul>
    </Section>
  )
}

function Labels({ title, labels }: { title: string; labels: Readonly<Record<string, string>> | undefined }) {
  const entries = Object.entries(labels ?? {})
  if (!entries.length) return null
  return (
    <Section title={title}>
      <div className="labels">
        {entries.map(([key, value]) => (
          <span key={key} className="tag">
            {key}={value}
          </span>
        ))}
      </div>
    </Section>
  )
}
