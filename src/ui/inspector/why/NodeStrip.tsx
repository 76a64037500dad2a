import { useTranslation } from 'react-i18next'
import type { SchedulingRecord } from '../../../bridge/protocol.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { isTolerated, type Taint } from '../../../machinery/taints.ts'
import { Icon } from '../../design/Icon.tsx'
import { usePodsOn } from '../../graph/live-pods.ts'
import { nodeSummary } from '../../graph/node-summary.ts'
import { podView } from '../../graph/pod-view.ts'
import { useGraphView } from '../../graph/view-store.ts'
import { useMachine, useObject } from '../../state/cluster-store.ts'
import { select } from '../../state/page-store.ts'
import { filterOrder, verdictOf } from './node-verdict.ts'

type NodeRecord = SchedulingRecord['nodes'][number]

const mostShown = 10

/** The scheduler's last attempt, node by node: which filters it passed, which one refused, and why. */
export function NodeStrip({ record, pod }: { record: SchedulingRecord; pod: KubeObject }) {
  const { t } = useTranslation()
  const fitting = record.nodes.filter((node) => !node.rejectedBy)
  const ordered = record.node
    ? [...record.nodes].sort((a, b) => rank(a, record.node) - rank(b, record.node))
    : record.nodes
  const more = ordered.length - mostShown
  if (ordered.length === 0) return null
  return (
    <section>
      <h3 className="sec">
        <span className="plain">{t('explain.nodesFit', { fit: fitting.length, count: record.nodes.length })}</span>
        <span className="grow" />
        <span className="plain">
          {record.node ? t('inspector.attempts', { count: record.attempts }) : t('explain.filtersInOrder')}
        </span>
      </h3>
      <ul className="verdicts">
        {ordered.slice(0, mostShown).map((node) => (
          <NodeVerdict key={node.node} record={node} pod={pod} isChosen={node.node === record.node} />
        ))}
      </ul>
      {more > 0 && <p className="faint more-nodes">{t('explain.moreNodes', { count: more })}</p>}
    </section>
  )
}

/** The chosen one, then those that fit by their score, then the others. */
function rank({ node, rejectedBy, total = 0 }: NodeRecord, chosen: string | undefined): number {
  return node === chosen ? -2e9 : rejectedBy ? 1 : -1e9 - total
}

function NodeVerdict({ record, pod, isChosen }: { record: NodeRecord; pod: KubeObject; isChosen: boolean }) {
  const { t } = useTranslation()
  const { node: name, rejectedBy, reasons = [], total } = record
  const hover = (hovered: string | undefined) => () => useGraphView.setState({ hovered })
  return (
    <li className={isChosen ? 'chosen' : undefined} onPointerEnter={hover(name)} onPointerLeave={hover(undefined)}>
      <button
        type="button"
        className="object-link nm"
        title={name}
        onClick={() => select({ resource: 'nodes', key: name })}
      >
        <Icon name="node" size={13} />
        <span className="ell">{name}</span>
      </button>
      {rejectedBy ? (
        <>
          <span className="row filters">
            <Gates rejectedBy={rejectedBy} />
            <span className="grow" />
            <span className="dim ell">{rejectedBy}</span>
          </span>
          <span className="reason">
            {reasons.map((reason) => (
              <Reason key={reason} reason={reason} node={name} pod={pod} />
            ))}
          </span>
        </>
      ) : (
        <span className="row filters">
          <Gates rejectedBy={undefined} />
          <span className="grow" />
          {isChosen && <Icon name="ui-check" size={13} className="c-ok" />}
          {total !== undefined && <b>{t('inspector.score', { score: total })}</b>}
        </span>
      )}
    </li>
  )
}

function Reason({ reason, node: name, pod }: { reason: string; node: string; pod: KubeObject }) {
  const { t } = useTranslation()
  const node = useObject('nodes', name)
  const machine = useMachine(name)
  const pods = usePodsOn(name)
  const { cpu, memory } = nodeSummary(node, machine, pods)
  // A summary names no taints, but they are known.
  const taints = reason.endsWith('untolerated taint(s)') ? untolerated(node, pod) : ''
  if (taints) return <span>{t('inspector.verdict.taint', { taint: taints })}</span>
  const verdict = verdictOf(reason, {
    wants: podView(pod, false).requests,
    free: { milliCPU: cpu.allocatable - cpu.requested, memoryBytes: memory.allocatable - memory.requested },
    all: { milliCPU: cpu.allocatable, memoryBytes: memory.allocatable },
  })
  return <span>{t(`inspector.verdict.${verdict.key}`, verdict.values)}</span>
}

function untolerated(node: KubeObject | undefined, pod: KubeObject): string {
  const taints: readonly Taint[] = node?.spec?.taints ?? []
  return taints
    .filter((taint) => taint.effect === 'NoSchedule' && !isTolerated(taint, pod.spec?.tolerations))
    .map(({ key, value }) => (value ? `${key}=${value}` : key))
    .join(', ')
}

/** The filters as gates on a line: passed, refused, never reached. */
function Gates({ rejectedBy }: { rejectedBy: string | undefined }) {
  const refusing =
    rejectedBy === undefined ? filterOrder.length : filterOrder.indexOf(rejectedBy as (typeof filterOrder)[number])
  const at = refusing < 0 ? filterOrder.length - 1 : refusing
  return (
    <span className="gates" aria-hidden="true">
      {filterOrder.map((name, index) =>
        index < at ? (
          <i key={name} />
        ) : index === at ? (
          <span key={name} className="refused">
            <i className="no" />
            <Icon name="ui-x" size={10} className="xx" />
          </span>
        ) : (
          <i key={name} className="rest" />
        ),
      )}
    </span>
  )
}
