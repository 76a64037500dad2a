import { useRef, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { splitKey } from '../../../machinery/objects.ts'
import { Icon, type IconName } from '../../design/Icon.tsx'
import { iconOfKind, iconOfResource } from '../../inspector/resources.ts'
import { useObject } from '../../state/cluster-store.ts'
import { useIsSelected } from '../../state/page-store.ts'
import type { CardData } from '../flow-nodes.ts'
import { livePods } from '../live-pods.ts'
import { useEndpointCounts } from '../live-relations.ts'
import { namespaceClass } from '../namespace-colour.ts'
import { useNear } from '../near-store.ts'
import { PodCells } from '../PodCells.tsx'
import { PodTile } from '../PodTile.tsx'
import type { PodView } from '../pod-view.ts'
import { useShownScene } from '../scene-store.ts'
import { useIsDimmed } from '../use-dimmed.ts'
import { controllerOf, cutMiddle } from '../workload-name.ts'
import { loadAreas } from '../../i18n/i18n.ts'
import { cardFacts, type CardFacts, type Words } from './card-facts.ts'
import './lenses.css'

await loadAreas('lenses')

type Card = { readonly data: CardData }

/** A namespace, or in the Network lens the cluster. */
export function GroupFrame({ data: { title, key } }: Card) {
  const { t } = useTranslation()
  const services = useShownScene((scene) =>
    title ? 0 : scene.nodes.filter(({ type, data }) => type === 'NetworkCard' && data.resource === 'services').length,
  )
  return (
    <div className={title ? `lens-group ${namespaceClass(key)}` : 'lens-group'}>
      <div className="cap0">
        {title ? <Icon name="namespace" size={13} /> : null}
        {title ?? t('graph.cluster')}
        {!title && <span className="faint">{t('lenses.services', { count: services })}</span>}
      </div>
    </div>
  )
}

const toneIcons: Readonly<Record<NonNullable<CardFacts['tone']>, IconName>> = {
  progress: 's-creating',
  wait: 's-pending',
  warn: 's-notready',
  fail: 's-error',
  mute: 'ui-pause',
}

/** Puts words of either sort into the page's language. */
function useSay(): (words: Words | undefined) => string {
  const { t } = useTranslation()
  return (words) => (words === undefined ? '' : typeof words === 'string' ? words : t(words[0], { ...words[1] }))
}

interface Known {
  readonly facts: CardFacts
  readonly icon: IconName
  readonly name: string
  readonly kind: string
}

/** Facts of an object; of a Service also what its endpoints say. */
function useFacts({ resource, key }: CardData): Known {
  const object = useObject(resource, key)
  const { ready, total } = useEndpointCounts(resource === 'services' ? key : '')
  const isNear = useNear((state) => state.near.has(`${resource} ${key}`))
  const { name } = splitKey(key)
  if (!object) return { facts: {}, icon: iconOfResource(resource), name, kind: '' }
  if (resource !== 'services') {
    const facts = cardFacts(object)
    const icon = resource in plainIcons ? plainIcons[resource]! : iconOfKind(object.kind)
    return {
      facts: isNear ? { ...facts, tone: 'warn' } : facts,
      icon: icon === 'ui-file' ? 'crd' : icon,
      name,
      kind: object.kind,
    }
  }
  const { spec, status } = object
  const selects = Boolean(spec?.selector) && spec.type !== 'ExternalName'
  const address = status?.loadBalancer?.ingress?.[0]
  const port = spec?.ports?.[0]?.port
  return {
    facts: {
      left: selects || total ? ['graph.endpointsReady', { ready, total }] : (spec?.externalName ?? spec?.type),
      right: address?.ip ?? address?.hostname ?? (port ? `:${port}` : undefined),
      ...((selects || total > 0) && { marks: [ready, total] as const }),
      ...(selects && ready < Math.max(1, total) && { tone: 'warn' as const }),
      ...(selects && total === 0 && { left: ['lenses.card.noEndpoints'] as const }),
    },
    icon: spec?.type === 'LoadBalancer' ? 'loadbalancer' : spec?.type === 'ExternalName' ? 'client' : 'service',
    name,
    kind: object.kind,
  }
}

const plainIcons: Readonly<Record<string, IconName>> = { 'httproutes.gateway.networking.k8s.io': 'gateway' }

function useLook(
  { resource, key }: CardData,
  facts: CardFacts,
  base: string,
): { className: string; isSelected: boolean } {
  const isSelected = useIsSelected(resource, key)
  const isDimmed = useIsDimmed(resource, key)
  const { namespace } = splitKey(key)
  const classes = [base, namespace ? namespaceClass(namespace) : 'ns-0']
  if (facts.tone === 'warn' || facts.tone === 'fail') classes.push(facts.tone)
  if (isSelected) classes.push('sel')
  if (isDimmed) classes.push('faded')
  return { className: classes.join(' '), isSelected }
}

interface TitleProps extends Known {
  /** Instead of its name, where a part of that is said already. */
  readonly label?: string
  readonly isSelected: boolean
}

function Title({ facts, icon, name, kind, label, isSelected }: TitleProps) {
  const { t } = useTranslation()
  const say = useSay()
  const spoken = [say(facts.left), say(facts.right)].filter(Boolean).join(', ')
  return (
    <button
      type="button"
      className="t"
      title={name}
      aria-pressed={isSelected}
      aria-label={t('lenses.objectSpoken', { kind, name, state: spoken })}
    >
      <Icon name={icon} size={14} />
      <span className="ell">{label ?? name}</span>
      {facts.tone && (
        <span className={`state c-${facts.tone}`}>
          <Icon name={toneIcons[facts.tone]} size={12} />
        </span>
      )}
    </button>
  )
}

/** An object with its name, two facts, and marks for how much of it is there. */
export function ObjectCard({ data }: Card) {
  const say = useSay()
  const known = useFacts(data)
  const { facts } = known
  const { className, isSelected } = useLook(data, facts, 'obj lens-card')
  return (
    <div className={className} data-resource={data.resource} data-key={data.key}>
      <Title {...known} isSelected={isSelected} />
      <Facts facts={facts} say={say} />
      {data.pods && facts.marks && <Marks marks={facts.marks} />}
    </div>
  )
}

function Facts({ facts, say }: { facts: CardFacts; say: (words: Words | undefined) => string }) {
  const isLoud = facts.tone === 'warn' || facts.tone === 'fail'
  return (
    <div className="m">
      <span className={isLoud ? `ell c-${facts.tone}` : 'ell'}>{say(facts.left)}</span>
      <span className="dim ell">{say(facts.right)}</span>
    </div>
  )
}

const mostMarks = 12

function Marks({ marks: [filled, all] }: { marks: readonly [number, number] }) {
  const count = Math.min(all, mostMarks)
  const full = all ? Math.round((filled / all) * count) : 0
  return (
    <div className="eps">
      {Array.from({ length: count }, (_, i) => (
        <i key={i} className={i < full ? '' : 'x'} />
      ))}
    </div>
  )
}

/** An object on one line: what rules a workload, what it made, what it uses. */
export function LineCard({ data }: Card) {
  const say = useSay()
  const known = useFacts(data)
  const { facts } = known
  const { className, isSelected } = useLook(data, facts, 'obj lens-line')
  const owner = useOwnerName(data)
  const shown = facts.marks ? facts.marks.join('/') : say(facts.right)
  return (
    <div className={className} data-resource={data.resource} data-key={data.key}>
      <Title {...known} label={shortened(known.name, owner)} isSelected={isSelected} />
      <span className="dim">{shown}</span>
    </div>
  )
}

function useOwnerName({ resource, key }: CardData): string | undefined {
  const object = useObject(resource, key)
  return object && controllerOf(object)?.name
}

/** A ReplicaSet by its hash alone, a CronJob's Job by its time: the rest is its owner's name, which stands beside it. */
function shortened(name: string, owner: string | undefined): string {
  return owner && name.startsWith(`${owner}-`) ? name.slice(owner.length + 1) : name
}

const none: readonly PodView[] = []

/** Pods of several groups; the list keeps its identity until one of them changes. */
function usePodsIn(groups: readonly string[] = []): readonly PodView[] {
  const known = useRef<{ lists: readonly (readonly PodView[])[]; all: readonly PodView[] }>({ lists: [], all: none })
  return useSyncExternalStore(
    (listener) => {
      const stops = groups.map((group) => livePods.subscribe(group, listener))
      return () => stops.forEach((stop) => stop())
    },
    () => {
      const lists = groups.map((group) => livePods.on(group))
      const { lists: before, all } = known.current
      if (lists.length === before.length && lists.every((list, i) => list === before[i])) return all
      known.current = { lists, all: lists.length === 1 ? lists[0]! : lists.flat() }
      return known.current.all
    },
  )
}

/** What tells a pod from its siblings; away from them, as much of its name as there is room for. */
function shortName({ name, label }: PodView, isAlone: boolean): string {
  if (isAlone) return cutMiddle(name, 13)
  return name.startsWith(`${label}-`) ? name.slice(name.lastIndexOf('-') + 1) : cutMiddle(label, 8)
}

/** Pods as tiles, in as much detail as there is room for. */
export function PodsBox({ data }: Card) {
  const pods = usePodsIn(data.pods)
  const isLow = data.height < 40
  const rows = isLow ? 1 : 2
  const size = pods.length <= rows * 3 ? undefined : pods.length <= rows * 6 ? 'sq' : 'sm'
  const isFull = pods.length > (isLow ? 9 : 24)
  const isWide = pods.length <= rows * 2
  const isMounting = data.pods?.[0]?.startsWith('mounting ') ?? false
  return (
    <div className={`pods-box${pods.length ? '' : ' none'}${isLow ? ' low' : ''}`}>
      {isFull ? (
        <PodCells pods={pods} width={data.width - 12} height={data.height - 10} />
      ) : (
        <div className={`tiles ${size ?? (isWide ? 'wide' : '')}`} role="group">
          {pods.map((pod, index) => (
            <PodTile
              key={pod.uid}
              pod={pod}
              size={size}
              isFirst={index === 0}
              label={shortName(pod, isWide && isMounting)}
            />
          ))}
        </div>
      )}
    </div>
  )
}

const mostSquares = 6

/** A Service with the pods behind it, or a workload that calls Services. */
export function NetworkCard({ data }: Card) {
  const say = useSay()
  const known = useFacts(data)
  const { facts } = known
  const { className, isSelected } = useLook(data, facts, 'obj lens-card')
  const selector = useObject('services', data.resource === 'services' ? data.key : '')?.spec?.selector
  const pods = usePodsIn(data.pods)
  return (
    <div className={className} data-resource={data.resource} data-key={data.key}>
      <Title {...known} isSelected={isSelected} />
      <Facts facts={facts} say={say} />
      <div className="pp">
        {pods.length === 0 && selector && <span className="tag ell">{selectorText(selector)}</span>}
        {pods.length > mostSquares ? (
          <PodCells pods={pods} width={data.width - 18} height={20} />
        ) : (
          pods.map((pod, index) => <PodTile key={pod.uid} pod={pod} size="sq" isFirst={index === 0} />)
        )}
      </div>
    </div>
  )
}

function selectorText(selector: Readonly<Record<string, string>>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

/** The pods a Service was probably meant for, and by what it misses them. */
export function NearCard({ data: { near } }: Card) {
  const pod = near && livePods.get(near.pods[0] ?? '')
  return (
    <div className="near-card">
      {pod && <PodTile pod={pod} label={cutMiddle(pod.name, 28)} isFirst />}
      {near && <NearPop near={near} />}
    </div>
  )
}

/** In words what nearly matches. */
export function NearPop({
  near,
}: {
  near: { readonly selects: string; readonly has: string; readonly pods: readonly string[] }
}) {
  const { t } = useTranslation()
  const { selects, has, pods } = near
  const text = !has
    ? t('lenses.near.lacks', { selects, count: pods.length })
    : pods.length
      ? t('lenses.near.has', { selects, has, count: pods.length })
      : t('lenses.near.target', { selects, has })
  return (
    <div className="pop near-pop" role="note">
      <b>{t('lenses.near.title')}</b>
      <div className="dim">{text}</div>
    </div>
  )
}
