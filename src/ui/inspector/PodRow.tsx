import { Icon } from '../design/Icon.tsx'
import { podLooks } from '../graph/pod-states.ts'
import type { PodView } from '../graph/pod-view.ts'
import { cutMiddle } from '../graph/workload-name.ts'
import { select } from '../state/page-store.ts'

/** A pod in a list: state, name, and where it is. */
export function PodRow({ pod, withNode }: { pod: PodView; withNode?: boolean }) {
  const look = podLooks[pod.state]
  return (
    <li>
      <button
        type="button"
        className="pod-row"
        title={pod.name}
        onClick={() => select({ resource: 'pods', key: pod.key })}
      >
        <Icon name={look.icon} size={13} className={`c-${look.tone}`} />
        <span className="ell">{cutMiddle(pod.name, 30)}</span>
        <span className="grow" />
        <span className="faint">{withNode && pod.node ? pod.node : look.quiet ? pod.reason : pod.status}</span>
      </button>
    </li>
  )
}
