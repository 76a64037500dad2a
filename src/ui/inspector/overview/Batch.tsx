import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { KubeObject } from '../../../machinery/objects.ts'
import { keyOf } from '../../../machinery/objects.ts'
import { podsOf } from '../../graph/pod-view.ts'
import { useObjects } from '../../state/cluster-store.ts'
import type { Selection } from '../../state/page-store.ts'
import { clockText } from '../clock-text.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import { Section } from '../Section.tsx'
import { useExplanation } from '../why/use-explanation.ts'
import { Since } from './Conditions.tsx'
import { PodsOfGroup } from './PodList.tsx'
import { Meter } from './Workload.tsx'

/** A Job: how much of it is done. */
export function JobParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { spec = {}, status = {}, metadata } = object
  const wanted = spec.completions ?? 1
  const { succeeded = 0, failed = 0, active = 0 } = status
  return (
    <>
      <Section title={t('inspect.progress')}>
        <ul className="gauges">
          <Meter
            label={t('inspect.succeeded')}
            value={succeeded}
            max={wanted}
            text={`${succeeded} / ${wanted}`}
            tone="ok"
          />
          <Meter
            label={t('inspect.active')}
            value={active}
            max={spec.parallelism ?? 1}
            text={`${active} / ${spec.parallelism ?? 1}`}
          />
          <Meter
            label={t('inspect.failed')}
            value={failed}
            max={(spec.backoffLimit ?? 6) + 1}
            text={`${failed} / ${spec.backoffLimit ?? 6}`}
            tone="fail"
          />
        </ul>
      </Section>
      <PodsOfGroup group={podsOf('Job', metadata.namespace ?? '', metadata.name)} />
    </>
  )
}

/** A CronJob: when it runs next, and what it ran. */
export function CronJobParts({ object, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  const explanation = useExplanation(selection)
  const runs = explanation?.steps.filter(({ code }) => code === 'nextRun') ?? []
  const objects = useObjects('jobs.batch')
  const { uid } = object.metadata
  const jobs = useMemo(
    () =>
      [...objects.values()]
        .filter(({ metadata }) => metadata.ownerReferences?.some((one) => one.uid === uid))
        .toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp)),
    [objects, uid],
  )
  return (
    <>
      <Section title={t('inspect.nextRuns')}>
        {runs.length > 0 ? (
          <ul className="rows">
            {runs.map(({ at = 0, params }) => (
              <li key={at}>
                <span className="mono">{clockText(at)}</span>
                <span className="grow" />
                <span className="faint">{params?.wall}</span>
              </li>
            ))}
          </ul>
        ) : (
          <p className="nothing">{t('inspect.noRuns')}</p>
        )}
      </Section>
      {jobs.length > 0 && (
        <Section title={t('inspect.jobs')}>
          <ul className="rows">
            {jobs.slice(0, 20).map((job) => (
              <li key={job.metadata.uid}>
                <ObjectLink resource="jobs.batch" objectKey={keyOf(job)} text={job.metadata.name} />
                <span className="grow" />
                <span className="faint">
                  {endOf(job)} <Since time={job.metadata.creationTimestamp} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function endOf({ status }: KubeObject): string {
  const end = status?.conditions?.find(
    ({ type, status: is }: any) => is === 'True' && /^(Complete|Failed|Suspended)$/.test(type),
  )
  return end?.type ?? (status?.active ? 'Running' : '')
}
