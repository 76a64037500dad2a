import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { revisionOf, rolledBackTo } from '../../../kinds/deployment/roll-back.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { usePodsOn } from '../../graph/live-pods.ts'
import { podsOf, type PodView } from '../../graph/pod-view.ts'
import { useObjects } from '../../state/cluster-store.ts'
import type { Selection } from '../../state/page-store.ts'
import { notify } from '../../state/notices.ts'
import { act } from '../../state/session.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import { Section } from '../Section.tsx'
import { PodList, PodsOfGroup } from './PodList.tsx'
import { UsageOf } from './UsageOf.tsx'

/** A Deployment, StatefulSet, DaemonSet or ReplicaSet: how far it is, its revisions, its pods. */
export function Workload({ object, selection }: { object: KubeObject; selection: Selection }) {
  const { kind, metadata } = object
  return (
    <>
      <Progress object={object} />
      {kind === 'Deployment' && <DeploymentParts deployment={object} selection={selection} />}
      {(kind === 'StatefulSet' || kind === 'DaemonSet') && <Revisions object={object} />}
      {kind !== 'Deployment' && (
        <PodsOfGroup group={podsOf(kind, metadata.namespace ?? '', metadata.name)} selection={selection} />
      )}
    </>
  )
}

function Progress({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { spec = {}, status = {}, kind } = object
  const isDaemon = kind === 'DaemonSet'
  const wanted: number = isDaemon ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1)
  const counts: readonly [string, number | undefined][] = [
    ['ready', isDaemon ? status.numberReady : status.readyReplicas],
    [
      'updated',
      isDaemon ? status.updatedNumberScheduled : kind === 'ReplicaSet' ? undefined : (status.updatedReplicas ?? 0),
    ],
    ['available', isDaemon ? status.numberAvailable : status.availableReplicas],
  ]
  return (
    <Section title={t('inspect.replicas')}>
      <ul className="gauges">
        {counts.map(
          ([label, count = label === 'updated' ? undefined : 0]) =>
            count !== undefined && (
              <Meter
                key={label}
                label={t(`inspect.${label}`)}
                value={count}
                max={wanted}
                text={`${count} / ${wanted}`}
                tone={count < wanted ? 'warn' : 'ok'}
              />
            ),
        )}
      </ul>
    </Section>
  )
}

/** A share of a whole as a bar with its numbers. */
export function Meter({
  label,
  value,
  max,
  text,
  tone,
}: {
  label: string
  value: number
  max: number
  text: string
  tone?: 'ok' | 'warn' | 'fail'
}) {
  const part = max > 0 ? Math.min(100, (value / max) * 100) : 0
  return (
    <li className="gauge">
      <span className="ell">{label}</span>
      <span className="level" aria-hidden="true">
        <i className={tone} style={{ width: `${part}%` }} />
      </span>
      <span className="v">{text}</span>
    </li>
  )
}

function useOwned(owner: KubeObject, resource: string): readonly KubeObject[] {
  const objects = useObjects(resource)
  const { uid } = owner.metadata
  return useMemo(
    () => [...objects.values()].filter(({ metadata }) => metadata.ownerReferences?.some((one) => one.uid === uid)),
    [objects, uid],
  )
}

function DeploymentParts({ deployment, selection }: { deployment: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  const sets = useOwned(deployment, 'replicasets.apps').toSorted((a, b) => revisionOf(b) - revisionOf(a))
  const current = revisionOf(deployment)
  return (
    <>
      {sets.length > 0 && (
        <Section title={t('inspect.revisions')}>
          <ul className="revisions">
            {sets.map((set) => (
              <Revision
                key={set.metadata.uid}
                number={revisionOf(set)}
                detail={`${set.spec.template.spec.containers[0]?.image ?? ''}`}
                count={`${set.status?.readyReplicas ?? 0}/${set.spec.replicas ?? 0}`}
                link={<ObjectLink resource="replicasets.apps" objectKey={keyOf(set)} text={set.metadata.name} />}
                rollBack={revisionOf(set) === current ? undefined : () => rolledBackTo(deployment, set)}
              />
            ))}
          </ul>
        </Section>
      )}
      <PodsOfSets sets={sets} selection={selection} />
    </>
  )
}

function PodsOfSets({ sets, selection }: { sets: readonly KubeObject[]; selection: Selection }) {
  const [first, second, third] = sets.map(({ metadata }) =>
    podsOf('ReplicaSet', metadata.namespace ?? '', metadata.name),
  )
  // More than three sets with pods at once would be rollouts upon rollouts.
  const groups = [usePodsOn(first ?? nowhere), usePodsOn(second ?? nowhere), usePodsOn(third ?? nowhere)]
  const pods = groups.flat() as PodView[]
  return (
    <>
      <UsageOf pods={pods} selection={selection} />
      <PodList pods={pods} />
    </>
  )
}

/** A group that no pod is in. */
const nowhere = 'of nobody'

function Revisions({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const revisions = useOwned(object, 'controllerrevisions.apps').toSorted((a: any, b: any) => b.revision - a.revision)
  if (revisions.length === 0) return null
  const current = object.status?.updateRevision ?? revisions[0]!.metadata.name
  return (
    <Section title={t('inspect.revisions')}>
      <ul className="revisions">
        {revisions.map((revision: any) => {
          const { $patch: _patch, ...template } = revision.data?.spec?.template ?? {}
          return (
            <Revision
              key={revision.metadata.uid}
              number={revision.revision}
              detail={template.spec?.containers?.[0]?.image ?? ''}
              link={
                <ObjectLink
                  resource="controllerrevisions.apps"
                  objectKey={keyOf(revision)}
                  text={revision.metadata.name}
                />
              }
              rollBack={
                revision.metadata.name === current
                  ? undefined
                  : () => ({ ...object, spec: { ...object.spec, template } })
              }
            />
          )
        })}
      </ul>
    </Section>
  )
}

function Revision({
  number,
  detail,
  count,
  link,
  rollBack,
}: {
  number: number
  detail: string
  count?: string
  link: React.ReactNode
  rollBack: (() => KubeObject) | undefined
}) {
  const { t } = useTranslation()
  async function undo(back: () => KubeObject) {
    const { ok, message } = await act({ type: 'replace', object: back() })
    if (!ok) notify('error', t('inspect.rollBackTo', { number }), message)
  }
  return (
    <li className={rollBack ? 'revision' : 'revision current'}>
      <span className="number">{number}</span>
      <span className="what">
        {link}
        <span className="faint ell" title={detail}>
          {detail}
        </span>
      </span>
      {count && <span className="dim">{count}</span>}
      {rollBack ? (
        <button
          type="button"
          className="btn out slim"
          aria-label={t('inspect.rollBackTo', { number })}
          onClick={() => void undo(rollBack)}
        >
          {t('inspect.rollBack')}
        </button>
      ) : (
        <span className="tag">{t('inspect.current')}</span>
      )}
    </li>
  )
}
