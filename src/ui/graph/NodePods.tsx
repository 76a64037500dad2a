import { useMorePodsThan } from './live-pods.ts'
import { PodCells } from './PodCells.tsx'
import { podLooks, podStateOrder } from './pod-states.ts'
import { PodTile } from './PodTile.tsx'
import type { PodView } from './pod-view.ts'
import { sizes } from './layout.ts'
import { useCloseGap } from './use-close-gap.ts'
import { useGraphView } from './view-store.ts'

/** Above so many pods in all, small tiles would be too many elements: they become cells. */
const mostTiles = 400
/** So many stand two in a row when a name needs it. */
const wide = 6
const shortLabel = 9
const labelled = 9
const tight = 12
const squares = 24
const small = 33
const systemShown = 8
const inner = sizes.node.width - 18

/** A node's pods, in as much detail as there is room for. The card itself never grows. */
export function NodePods({ pods }: { pods: readonly PodView[] }) {
  const tier = useGraphView((state) => state.tier)
  const scale = useGraphView((state) => state.textScale)
  const isCrowded = useMorePodsThan(mostTiles)
  if (tier === 'bar') return <StateBar pods={pods} />

  const own = pods.filter((pod) => !pod.namespace.startsWith('kube-'))
  const system = pods.filter((pod) => pod.namespace.startsWith('kube-'))
  const tooSmall = tier === 'cell' || (tier === 'glyph' && (scale > 2 || isCrowded))
  if (tooSmall) {
    const head = Math.min(60, 26 * Math.min(scale, 2.3))
    return <PodCells pods={pods} width={inner} height={Math.floor(sizes.node.height - head - 24)} />
  }
  const size = own.length <= (tier === 'glyph' ? labelled : tight) ? undefined : own.length <= squares ? 'sq' : 'sm'
  return (
    <>
      {own.length > small ? <PodCells pods={own} width={inner} height={66} /> : <Tiles pods={own} size={size} />}
      {system.length > 0 && (
        <div className="sys">
          <span className="sysname">kube-system</span>
          {system.slice(0, systemShown).map((pod, index) => (
            <PodTile key={pod.uid} pod={pod} size="sm" isFirst={index === 0} />
          ))}
          {system.length > systemShown && <span>+{system.length - systemShown}</span>}
        </div>
      )}
    </>
  )
}

function Tiles({ pods, size }: { pods: readonly PodView[]; size: 'sq' | 'sm' | undefined }) {
  const group = useCloseGap(pods.length)
  const isWide = pods.length <= wide && pods.some((pod) => pod.label.length > shortLabel)
  return (
    <div
      className={`tiles ${size ?? (pods.length > labelled ? 'tight' : isWide ? 'wide' : '')}`}
      role="group"
      ref={group}
    >
      {pods.map((pod, index) => (
        <PodTile key={pod.uid} pod={pod} size={size} isFirst={index === 0} />
      ))}
    </div>
  )
}

/** Farthest out a node is a bar split by state. */
function StateBar({ pods }: { pods: readonly PodView[] }) {
  return (
    <div className="statebar">
      {podStateOrder.map((state) => {
        const count = pods.filter((pod) => pod.state === state).length
        const { tone, quiet } = podLooks[state]
        return (
          count > 0 && (
            <i key={state} style={{ flex: count, background: `var(--${tone}-fill)`, opacity: quiet ? 0.5 : 1 }} />
          )
        )
      })}
    </div>
  )
}
