import { Icon } from '../design/Icon.tsx'
import { useCluster } from '../state/cluster-store.ts'
import { select } from '../state/page-store.ts'
import type { Link } from './overview/facts.ts'
import { iconOfKind } from './resources.ts'

/** A related object; choosing it selects it. One that is not there is only named. */
export function ObjectLink({ resource, objectKey, text }: { resource: string; objectKey: string; text: string }) {
  const kind = useCluster((state) => state.resources[resource]?.byKey.get(objectKey)?.kind)
  if (!kind) return <span className="object-link gone">{text}</span>
  return (
    <button type="button" className="object-link" onClick={() => select({ resource, key: objectKey })}>
      <Icon name={iconOfKind(kind)} size={13} />
      {text}
    </button>
  )
}

export function Links({ links }: { links: readonly Link[] }) {
  return links.map(({ resource, key, text }) => (
    <ObjectLink key={`${resource} ${key}`} resource={resource} objectKey={key} text={text} />
  ))
}
