import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CauseLink, SchedulingRecord } from '../../bridge/protocol.ts'
import { keyOf, type KubeObject } from '../../machinery/objects.ts'
import { select, type Selection } from '../state/page-store.ts'
import { request } from '../state/session.ts'
import { Icon } from '../design/Icon.tsx'
import { actorOf } from './actor.ts'
import { clockText } from './clock-text.ts'
import { Scheduling } from './Scheduling.tsx'
import { iconOfResource } from './resources.ts'

/** Why it is as it is: the scheduler's reasons for a pod, and the chain of causes for everything. */
export function Why({ object, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  const chain = useChain(object, selection.resource)
  const record = useScheduling(object)
  return (
    <>
      {record && <Scheduling record={record} pod={object} />}
      <section>
        <h3 className="sec">{t('inspector.whyItExists')}</h3>
        {chain?.length === 0 && <p className="nothing">{t('inspector.noCause')}</p>}
        <ol className="chain">
          {chain?.toReversed().map((link) => (
            <Cause key={`${link.revision} ${link.resource} ${link.name}`} link={link} />
          ))}
        </ol>
      </section>
    </>
  )
}

function useChain(object: KubeObject, resource: string): readonly CauseLink[] | undefined {
  const [chain, setChain] = useState<readonly CauseLink[]>()
  const { name, namespace, resourceVersion } = object.metadata
  useEffect(() => {
    let isOpen = true
    request<'why'>({ type: 'why', resource, namespace, name })
      .then((answer) => isOpen && setChain(answer.chain))
      .catch(() => isOpen && setChain([]))
    return () => {
      isOpen = false
    }
  }, [resource, namespace, name, resourceVersion])
  return chain
}

function useScheduling(object: KubeObject): SchedulingRecord | null {
  const [record, setRecord] = useState<SchedulingRecord | null>(null)
  const isPod = object.kind === 'Pod'
  const key = keyOf(object)
  const { resourceVersion } = object.metadata
  useEffect(() => {
    if (!isPod) return undefined
    let isOpen = true
    request<'scheduling'>({ type: 'scheduling', pod: key })
      .then((answer) => isOpen && setRecord(answer.record))
      .catch(() => isOpen && setRecord(null))
    return () => {
      isOpen = false
    }
  }, [isPod, key, resourceVersion])
  return record
}

const spokenVerbs = new Set(['create', 'update', 'patch', 'delete', 'apply', 'bind'])

function Cause({ link }: { link: CauseLink }) {
  const { t } = useTranslation()
  const { actor, verb, resource, namespace, name, details } = link
  const key = namespace ? `${namespace}/${name}` : name
  const who = actorOf(actor)
  const done = verb === 'update' && details?.node !== undefined ? 'bind' : verb
  const what = spokenVerbs.has(done) ? t(`inspector.verb.${done}`) : done
  const more = Object.entries(details ?? {}).map(([label, value]) => `${label} ${value}`)
  return (
    <li>
      <Icon name={iconOfResource(resource)} size={16} />
      <div>
        <span>
          {who.type === 'user' && t('inspector.you', { verb: what })}
          {who.type === 'kubelet' && t('inspector.kubelet', { node: who.name, verb: what })}
          {who.type === 'component' && t('inspector.actor', { actor: who.name, verb: what })}
        </span>{' '}
        <button type="button" className="object-link" onClick={() => select({ resource, key })}>
          {name}
        </button>
        {more.length > 0 && <div className="faint">{more.join(', ')}</div>}
      </div>
      <time>{clockText(link.at)}</time>
    </li>
  )
}
