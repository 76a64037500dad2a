import { useMemo } from 'react'
import { useCluster } from '../../state/cluster-store.ts'
import { livePods, prefersReducedMotion } from '../live-pods.ts'
import { dotsOf, flowsOf, type LinkFlow } from './flow-links.ts'
import type { DrawnLink } from './links.ts'
import type { Scene } from './scene.ts'

const mostLinks = 100
/** Pixels a second. */
const pace = 70
const fewestSeconds = 0.8

interface TrafficDotsProps {
  readonly scene: Scene
  readonly links: readonly DrawnLink[]
}

/** What passes along the links: dots that move, with reduced motion the rate in digits. They stand while time does. */
export function TrafficDots({ scene, links }: TrafficDotsProps) {
  const routes = useCluster((state) => state.traffic)
  const isRunning = useCluster(({ clock }) => clock.running && clock.live === undefined)
  const flows = useMemo(() => flowsOf(scene, routes, (pod) => livePods.get(pod)?.owned), [scene, routes])
  const busy = links.filter((link) => flows.has(`${link.from}>${link.to}`)).slice(0, mostLinks)
  const inDigits = prefersReducedMotion() || !isRunning
  return busy.map((link) => {
    const flow = flows.get(`${link.from}>${link.to}`)!
    return inDigits ? <Rate key={link.id} link={link} flow={flow} /> : <Dots key={link.id} link={link} flow={flow} />
  })
}

function Rate({ link, flow }: { link: DrawnLink; flow: LinkFlow }) {
  const { points } = link
  const [a, b] = [points[(points.length - 1) >> 1]!, points[points.length >> 1]!]
  const isFailing = flow.failedPerSecond > 0
  return (
    <text className={isFailing ? 'flow-rate failed' : 'flow-rate'} x={(a.x + b.x) / 2} y={(a.y + b.y) / 2 - 5}>
      {`${isFailing ? '✕ ' : ''}${flow.perSecond.toFixed(1)}/s`}
    </text>
  )
}

function Dots({ link, flow }: { link: DrawnLink; flow: LinkFlow }) {
  const seconds = Math.max(fewestSeconds, lengthOf(link) / pace)
  const count = dotsOf(flow.perSecond)
  const failed = flow.perSecond > 0 ? Math.ceil((count * flow.failedPerSecond) / flow.perSecond) : 0
  return Array.from({ length: count }, (_, index) => {
    const motion = (
      <animateMotion
        path={link.path}
        dur={`${seconds}s`}
        begin={`${(-index * seconds) / count}s`}
        repeatCount="indefinite"
      />
    )
    return index < failed ? (
      <g key={`failed ${index}`} className="flow-failed">
        <circle r="6" />
        <path d="M-2.2-2.2l4.4 4.4M2.2-2.2l-4.4 4.4" />
        {motion}
      </g>
    ) : (
      <circle key={index} className="flow-dot" r="2.6">
        {motion}
      </circle>
    )
  })
}

function lengthOf({ points }: DrawnLink): number {
  return points.slice(1).reduce((sum, point, index) => {
    const before = points[index]!
    return sum + Math.abs(point.x - before.x) + Math.abs(point.y - before.y)
  }, 0)
}
