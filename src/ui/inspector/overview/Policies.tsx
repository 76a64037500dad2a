import { useTranslation } from 'react-i18next'
import { milliValue, wholeValue } from '../../../machinery/quantity.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { useObject } from '../../state/cluster-store.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import { resourceOfKind } from '../resources.ts'
import { Section } from '../Section.tsx'
import { PodList } from './PodList.tsx'
import { Table } from './Table.tsx'
import { Meter } from './Workload.tsx'
import { usePodsMatching } from './use-pods.ts'

/** A HorizontalPodAutoscaler: what it scales, between what, and each metric against its target. */
export function AutoscalerParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { spec = {}, status = {}, metadata } = object
  const { apiVersion = '', kind = '', name = '' } = spec.scaleTargetRef ?? {}
  const metrics: readonly any[] = spec.metrics ?? []
  return (
    <>
      <Section title={t('inspect.replicas')}>
        <ul className="gauges">
          <Meter
            label={t('inspect.currentReplicas')}
            value={status.currentReplicas ?? 0}
            max={spec.maxReplicas ?? 1}
            text={`${spec.minReplicas ?? 1} ≤ ${status.currentReplicas ?? 0} ≤ ${spec.maxReplicas}`}
          />
        </ul>
        <p className="faint target">
          {t('inspect.scales')}{' '}
          <ObjectLink
            resource={resourceOfKind(apiVersion, kind)}
            objectKey={`${metadata.namespace}/${name}`}
            text={`${kind} ${name}`}
          />
        </p>
      </Section>
      {metrics.length > 0 && (
        <Section title={t('inspect.metrics')} aside={<span className="plain">{t('inspect.nowOfTarget')}</span>}>
          <ul className="gauges">
            {metrics.map((metric, index) => (
              <MetricMeter key={index} metric={metric} now={status.currentMetrics?.[index]} />
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function MetricMeter({ metric, now }: { metric: any; now: any }) {
  const field =
    metric.type === 'ContainerResource'
      ? 'containerResource'
      : metric.type.charAt(0).toLowerCase() + metric.type.slice(1)
  const source = metric[field] ?? {}
  const current = now?.[field]?.current ?? {}
  const target = source.target ?? {}
  const name = source.name ?? source.metric?.name ?? metric.type
  if (target.averageUtilization !== undefined) {
    const has = current.averageUtilization
    return (
      <Meter
        label={name}
        value={has ?? 0}
        max={target.averageUtilization}
        text={`${has ?? '?'}% / ${target.averageUtilization}%`}
        tone={has > target.averageUtilization ? 'warn' : 'ok'}
      />
    )
  }
  const wanted = target.averageValue ?? target.value
  const has = current.averageValue ?? current.value
  return (
    <Meter
      label={name}
      value={milliValue(has ?? '0')}
      max={milliValue(wanted ?? '1')}
      text={`${has ?? '?'} / ${wanted}`}
    />
  )
}

/** A PodDisruptionBudget: how many are healthy, how many have to be, and whom it is about. */
export function BudgetParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { spec = {}, status = {}, metadata } = object
  const pods = usePodsMatching(metadata.namespace, spec.selector)
  const { currentHealthy = 0, desiredHealthy = 0, expectedPods = 0, disruptionsAllowed = 0 } = status
  return (
    <>
      <Section
        title={t('inspect.budget')}
        aside={<span className="plain">{t('inspect.mayGo', { count: disruptionsAllowed })}</span>}
      >
        <ul className="gauges">
          <Meter
            label={t('inspect.healthy')}
            value={currentHealthy}
            max={expectedPods}
            text={`${currentHealthy} / ${expectedPods}`}
            tone={currentHealthy > desiredHealthy ? 'ok' : 'warn'}
          />
          <Meter label={t('inspect.hasToBe')} value={desiredHealthy} max={expectedPods} text={String(desiredHealthy)} />
        </ul>
      </Section>
      <PodList pods={pods} />
    </>
  )
}

/** A ResourceQuota: what is used of what may be. */
export function QuotaParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  return (
    <Section title={t('inspect.used')}>
      <QuotaMeters quota={object} />
    </Section>
  )
}

export function QuotaMeters({ quota }: { quota: KubeObject }) {
  const hard: Readonly<Record<string, string>> = quota.status?.hard ?? quota.spec?.hard ?? {}
  return (
    <ul className="gauges">
      {Object.entries(hard).map(([name, limit]) => {
        const used = quota.status?.used?.[name] ?? '0'
        const isCpu = name.endsWith('cpu')
        const [value, max] = isCpu ? [milliValue(used), milliValue(limit)] : [wholeValue(used), wholeValue(limit)]
        return (
          <Meter
            key={name}
            label={name}
            value={value}
            max={max}
            text={`${used} / ${limit}`}
            tone={value >= max ? 'fail' : 'ok'}
          />
        )
      })}
    </ul>
  )
}

/** A LimitRange, a line for each limit. */
export function LimitRangeParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const fields = ['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const
  const rows = ((object.spec?.limits ?? []) as any[]).flatMap((limit, index) =>
    fields.flatMap((field) =>
      Object.entries(limit[field] ?? {}).map(([resource, amount]) => ({
        key: `${index} ${field} ${resource}`,
        cells: [limit.type, field, resource, String(amount)],
      })),
    ),
  )
  return (
    <Section title={t('inspect.limits')}>
      <Table
        label={t('inspect.limits')}
        columns={[t('inspect.of'), t('inspect.limit'), t('inspect.resource'), t('inspect.amount')]}
        rows={rows}
      />
    </Section>
  )
}

/** A Role or ClusterRole: who holds it may do this. */
export function RoleParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  return <Rules rules={(object as any).rules ?? []} title={t('inspect.mayDo')} />
}

function Rules({ rules, title }: { rules: readonly any[]; title: string }) {
  const { t } = useTranslation()
  return (
    <Section title={title}>
      <Table
        label={title}
        columns={[t('inspect.verbs'), t('inspect.resources')]}
        rows={rules.map((rule, index) => ({
          key: String(index),
          cells: [(rule.verbs ?? []).join(', '), ruleText(rule)],
        }))}
      />
    </Section>
  )
}

function ruleText({ resources = [], apiGroups = [''], resourceNames, nonResourceURLs }: any): string {
  if (nonResourceURLs) return nonResourceURLs.join(', ')
  const groups = apiGroups.filter(Boolean).join(', ')
  return `${resources.join(', ')}${groups ? ` (${groups})` : ''}${resourceNames ? `: ${resourceNames.join(', ')}` : ''}`
}

/** A RoleBinding or ClusterRoleBinding: whom it gives what. */
export function BindingParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { roleRef = {}, subjects = [] } = object as any
  const resource = `${roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles'}.rbac.authorization.k8s.io`
  const key = roleRef.kind === 'ClusterRole' ? roleRef.name : `${object.metadata.namespace}/${roleRef.name}`
  const role = useObject(resource, key ?? '')
  return (
    <>
      <Section title={t('inspect.gives')}>
        <ObjectLink resource={resource} objectKey={key ?? ''} text={`${roleRef.kind} ${roleRef.name}`} />
      </Section>
      <Section title={t('inspect.to')}>
        <Table
          label={t('inspect.to')}
          columns={[t('inspect.kind'), t('inspect.name')]}
          rows={subjects.map((subject: any, index: number) => ({
            key: String(index),
            cells: [
              subject.kind,
              subject.kind === 'ServiceAccount' ? (
                <ObjectLink
                  key="sa"
                  resource="serviceaccounts"
                  objectKey={`${subject.namespace}/${subject.name}`}
                  text={`${subject.namespace}/${subject.name}`}
                />
              ) : (
                subject.name
              ),
            ],
          }))}
        />
      </Section>
      {role && <Rules rules={(role as any).rules ?? []} title={t('inspect.mayDo')} />}
    </>
  )
}
