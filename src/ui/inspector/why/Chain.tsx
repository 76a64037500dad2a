import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CauseLink } from '../../../bridge/protocol.ts'
import { keyOf, type KubeObject } from '../../../machinery/objects.ts'
import { Icon, type IconName } from '../../design/Icon.tsx'
import { cutMiddle } from '../../graph/workload-name.ts'
import { clusterStore, useCluster } from '../../state/cluster-store.ts'
import { select } from '../../state/page-store.ts'
import { request } from '../../state/session.ts'
import { actorOf } from '../actor.ts'
import { clockText } from '../clock-text.ts'
import { timeOf, useEventsOf } from '../events-of.ts'
import { iconOfResource } from '../resources.ts'
import { chainOf, type ChainEntry } from './chain.ts'

/** How the object came to be: who did what when, each a link to what it was done to. */
export function Chain({ object, resource }: { object: KubeObject; resource: string }) {
  const { t } = useTranslation()
  const links = useChain(object, resource)
  const journal = useCluster((state) => state.journal)
  const events = useEventsOf(object)
  const entries = useMemo(() => {
    const { epoch } = clusterStore.getState().clock
    const newest = events.find((event: any) => event.type === 'Warning') as any
    const warnings = newest ? [{ at: timeOf(newest) - epoch, reason: newest.reason, message: newest.message }] : []
    return links && chainOf(links, journal, warnings)
  }, [links, journal, events])
  return (
    <section>
      <h3 className="sec">{t('explain.existing')}</h3>
      {entries?.length === 0 && <p className="nothing">{t('inspector.noCause')}</p>}
      <ol className="chain">
        {entries?.map((entry) => (
          <Cause key={entry.id} entry={entry} own={`${resource} ${keyOf(object)}`} />
        ))}
      </ol>
    </section>
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

const spokenVerbs = new Set([
  'create',
  'update',
  'patch',
  'delete',
  'apply',
  'bind',
  'unplug',
  'plug',
  'powerOff',
  'powerOn',
  'remove',
])

function Cause({ entry, own }: { entry: ChainEntry; own: string }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const { type, actor, verb, resource, key, count, file, details = {}, at, text } = entry
  if (type === 'event')
    return (
      <li>
        <Icon name="ui-warn" size={16} />
        <div>
          <span>{verb}</span>
          <div className="faint" title={text}>
            {text}
          </div>
        </div>
        <time>{clockText(at)}</time>
      </li>
    )
  const name = key.slice(key.indexOf('/') + 1)
  const isOwn = `${resource} ${key}` === own
  const who = type === 'machine' ? ({ type: 'user' } as const) : actorOf(actor)
  const { node, score, of, ...rest } = details
  const done =
    verb === 'update' && node !== undefined && resource === 'pods' ? 'bind' : file && verb === 'create' ? 'apply' : verb
  const what = spokenVerbs.has(done) ? t(`inspector.verb.${done}`) : done
  const more = [
    ...(file ? [file] : []),
    ...(node !== undefined ? [t('explain.toNode', { node })] : []),
    ...(score !== undefined
      ? [of === undefined ? t('inspector.score', { score }) : t('explain.scoreOf', { score, of })]
      : []),
    ...Object.entries(rest).map(([label, value]) => `${label} ${value}`),
    ...(count > 1 ? [`×${count}`] : []),
  ]
  const machineIcons: Readonly<Record<string, IconName>> = {
    unplug: 'ui-unplug',
    powerOff: 'ui-power',
    powerOn: 'ui-power',
  }
  return (
    <li>
      <Icon name={(type === 'machine' && machineIcons[verb]) || iconOfResource(resource)} size={16} />
      <div>
        <span>
          {who.type === 'user' && t('inspector.you', { verb: what })}
          {who.type === 'kubelet' && t('inspector.kubelet', { node: who.name, verb: what })}
          {who.type === 'component' && t('inspector.actor', { actor: who.name, verb: what })}
        </span>
        {isOwn && language === 'zh' ? '' : ' '}
        {isOwn ? (
          t('explain.it')
        ) : (
          <button type="button" className="object-link" title={name} onClick={() => select({ resource, key })}>
            {cutMiddle(name, 28)}
          </button>
        )}
        {more.length > 0 && <div className="faint">{more.join(' · ')}</div>}
      </div>
      <time>{clockText(at)}</time>
    </li>
  )
}
