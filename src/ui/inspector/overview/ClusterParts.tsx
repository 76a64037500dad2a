import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { CapacityBars } from '../../graph/CapacityBars.tsx'
import { usePodsOn } from '../../graph/live-pods.ts'
import { formatBytes, nodeSummary } from '../../graph/node-summary.ts'
import { useCluster, useMachine, useObjects } from '../../state/cluster-store.ts'
import type { Selection } from '../../state/page-store.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import { resourceOfKind } from '../resources.ts'
import { Section } from '../Section.tsx'
import { PodList } from './PodList.tsx'
import { QuotaMeters } from './Policies.tsx'
import { Table } from './Table.tsx'
import { UsageOf } from './UsageOf.tsx'

/** A Node: what it can give, its taints, its pods, the images on its disk. */
export function NodeParts({ object: node, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  const { name } = node.metadata
  const machine = useMachine(name)
  const pods = usePodsOn(name)
  const summary = nodeSummary(node, machine, pods)
  const taints: readonly any[] = node.spec?.taints ?? []
  const images: readonly any[] = node.status?.images ?? []
  return (
    <>
      <Section title={t('inspector.capacity')} aside={<span className="plain">{t('inspector.capacityLegend')}</span>}>
        <CapacityBars summary={summary} />
      </Section>
      <UsageOf pods={pods} selection={selection} node={node} />
      {taints.length > 0 && (
        <Section title={t('inspector.fact.taints')}>
          <div className="labels">
            {taints.map(({ key, value, effect }) => (
              <span key={`${key} ${effect}`} className="tag">
                {value ? `${key}=${value}` : key}:{effect}
              </span>
            ))}
          </div>
        </Section>
      )}
      <PodList pods={pods} withNode={false} />
      {images.length > 0 && (
        <Section title={t('inspect.images')}>
          <Table
            label={t('inspect.images')}
            columns={[t('inspect.image'), t('inspect.size')]}
            rows={images.map(({ names = [], sizeBytes = 0 }) => ({
              key: names[0] ?? '',
              cells: [names.at(-1), formatBytes(sizeBytes)],
            }))}
          />
        </Section>
      )}
    </>
  )
}

/** A Namespace: what is in it, and what it may use. */
export function NamespaceParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { name } = object.metadata
  const counts = useCluster(useShallow((state) => countsIn(state.resources, name)))
  const quotas = [...useObjects('resourcequotas').values()].filter(({ metadata }) => metadata.namespace === name)
  return (
    <>
      {quotas.map((quota) => (
        <Section key={quota.metadata.uid} title={t('inspect.quota', { name: quota.metadata.name })}>
          <QuotaMeters quota={quota} />
        </Section>
      ))}
      <Section title={t('inspect.objects')}>
        <ul className="rows">
          {counts.map((text) => {
            const [resource = '', count = ''] = text.split(' ')
            return (
              <li key={resource}>
                {resource}
                <span className="grow" />
                <span className="dim">{count}</span>
              </li>
            )
          })}
        </ul>
      </Section>
    </>
  )
}

function countsIn(
  resources: Readonly<Record<string, { readonly keys: readonly string[] }>>,
  namespace: string,
): string[] {
  return Object.entries(resources)
    .filter(([resource]) => resource !== 'events')
    .flatMap(([resource, { keys }]) => {
      let count = 0
      for (const key of keys) if (key.startsWith(`${namespace}/`)) count++
      return count > 0 ? [`${resource} ${count}`] : []
    })
    .sort()
}

/** An Event: what it is about. */
export function EventParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { involvedObject: about = {}, count = 1, type } = object as any
  return (
    <Section title={t('inspect.about')} aside={<span className="plain">{`${type} ×${count}`}</span>}>
      <ObjectLink
        resource={resourceOfKind(about.apiVersion ?? 'v1', about.kind ?? '')}
        objectKey={about.namespace ? `${about.namespace}/${about.name}` : (about.name ?? '')}
        text={`${about.kind} ${about.name}`}
      />
    </Section>
  )
}

/** A CustomResourceDefinition: its versions and its objects. */
export function DefinitionParts({ object }: { object: KubeObject }) {
  const { t } = useTranslation()
  const { spec = {} } = object
  const resource = `${spec.names?.plural}.${spec.group}`
  const objects = [...useObjects(resource).values()]
  return (
    <>
      <Section title={t('inspect.versions')}>
        <Table
          label={t('inspect.versions')}
          columns={[t('inspect.name'), t('inspect.served'), t('inspect.stored')]}
          rows={(spec.versions ?? []).map((version: any) => ({
            key: version.name,
            cells: [version.name, version.served ? '✓' : '–', version.storage ? '✓' : '–'],
          }))}
        />
      </Section>
      <Section title={`${spec.names?.kind} · ${objects.length}`}>
        <ul className="rows">
          {objects.slice(0, 50).map((one) => (
            <li key={one.metadata.uid}>
              <ObjectLink resource={resource} objectKey={keyOf(one)} text={keyOf(one)} />
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

/** A custom resource: the columns that its definition prints. */
export function CustomParts({ object }: { object: KubeObject }) {
  const slash = object.apiVersion.indexOf('/')
  const [group, version] = [object.apiVersion.slice(0, slash), object.apiVersion.slice(slash + 1)]
  const definitions = useObjects('customresourcedefinitions.apiextensions.k8s.io')
  const definition = [...definitions.values()].find(
    ({ spec }) => spec.group === group && spec.names?.kind === object.kind,
  )
  const columns: readonly any[] =
    definition?.spec.versions?.find(({ name }: any) => name === version)?.additionalPrinterColumns ?? []
  if (columns.length === 0) return null
  return (
    <dl className="facts">
      {columns.map(({ name, jsonPath }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{at(object, jsonPath)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What a simple JSONPath names, `.spec.size` or `.status.conditions[0].type`; a search is left to kubectl. */
function at(object: unknown, path: string): string {
  let value: any = object
  for (const [, name, index] of path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)) value = value?.[name ?? Number(index)]
  return value === undefined || value === null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value)
}
