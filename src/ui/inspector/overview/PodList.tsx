import { useTranslation } from 'react-i18next'
import { usePodsOn } from '../../graph/live-pods.ts'
import { podLooks } from '../../graph/pod-states.ts'
import type { PodView } from '../../graph/pod-view.ts'
import type { Selection } from '../../state/page-store.ts'
import { PodRow } from '../PodRow.tsx'
import { Section } from '../Section.tsx'
import { UsageOf } from './UsageOf.tsx'

const mostShown = 40

/** Pods as rows, those that need somebody first; the rest are counted. */
export function PodList({
  pods,
  withNode = true,
  title,
}: {
  pods: readonly PodView[]
  withNode?: boolean
  title?: string
}) {
  const { t } = useTranslation()
  const living = pods.filter((pod) => !pod.ghost)
  const ordered = living.toSorted((a, b) => podLooks[b.state].urgency - podLooks[a.state].urgency)
  return (
    <Section title={title ?? t('inspector.pods', { count: living.length })}>
      <ul className="rows">
        {ordered.slice(0, mostShown).map((pod) => (
          <PodRow key={pod.uid} pod={pod} withNode={withNode} />
        ))}
        {ordered.length > mostShown && (
          <li className="faint">{t('inspector.andMore', { count: ordered.length - mostShown })}</li>
        )}
      </ul>
    </Section>
  )
}

/** The pods of a group that the graph keeps: of a controller, of a node, of a claim. */
export function PodsOfGroup({ group, title, selection }: { group: string; title?: string; selection?: Selection }) {
  const pods = usePodsOn(group)
  return (
    <>
      {selection && <UsageOf pods={pods} selection={selection} />}
      <PodList pods={pods} {...(title && { title })} />
    </>
  )
}
