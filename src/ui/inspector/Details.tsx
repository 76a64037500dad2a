import { Tabs } from 'radix-ui'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseTime } from '../../lib/time.ts'
import { humanDuration } from '../../machinery/duration.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { Icon } from '../design/Icon.tsx'
import { loadAreas } from '../i18n/i18n.ts'
import { useCluster } from '../state/cluster-store.ts'
import { select, type Selection } from '../state/page-store.ts'
import { Containers } from './Containers.tsx'
import { HeaderMenu } from './HeaderMenu.tsx'
import { Events } from './Events.tsx'
import { useRelatedEvents } from './events-of.ts'
import { objectStatus } from './object-status.ts'
import { Overview } from './overview/Overview.tsx'
import { iconOfKind } from './resources.ts'
import './details.css'

const Why = lazy(() =>
  Promise.all([import('./why/Why.tsx'), loadAreas('explain')]).then(([module]) => ({ default: module.Why })),
)
const Logs = lazy(() => import('./logs/Logs.tsx').then((module) => ({ default: module.Logs })))
const YamlTab = lazy(() => import('./yaml/YamlTab.tsx').then((module) => ({ default: module.YamlTab })))

interface DetailsProps {
  readonly object: KubeObject
  readonly selection: Selection
  readonly isGone: boolean
}

type TabName = 'overview' | 'containers' | 'yaml' | 'events' | 'logs' | 'why'

/** An object in full: its tabs. */
export function Details({ object, selection, isGone }: DetailsProps) {
  const { t } = useTranslation()
  const isPod = object.kind === 'Pod'
  const events = useRelatedEvents(object)
  const [tab, setTab] = useState<TabName>('overview')
  const hasContainers = isPod || Boolean(object.spec?.template?.spec?.containers)
  const tabs: TabName[] = [
    'overview',
    ...(hasContainers ? (['containers'] as const) : []),
    'yaml',
    'events',
    ...(isPod ? (['logs'] as const) : []),
    'why',
  ]
  return (
    <div className="inspector">
      <Header object={object} selection={selection} isGone={isGone} />
      <Tabs.Root
        className="tabs-root"
        value={tab}
        onValueChange={(value) => setTab(value as TabName)}
        activationMode="manual"
      >
        <Tabs.List className="tab-list" aria-label={t('inspector.views')}>
          {tabs.map((name) => (
            <Tabs.Trigger key={name} value={name} className="tab">
              {t(`inspector.tab.${name}`)}
              {name === 'events' && events.length > 0 && <span className="n">{events.length}</span>}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {tabs.map((name) => (
          <Tabs.Content key={name} value={name} className="body" tabIndex={0}>
            <Suspense>{name === tab && <TabBody name={name} object={object} selection={selection} />}</Suspense>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </div>
  )
}

function TabBody({ name, object, selection }: { name: TabName; object: KubeObject; selection: Selection }) {
  switch (name) {
    case 'overview':
      return <Overview object={object} selection={selection} />
    case 'containers':
      return <Containers object={object} />
    case 'yaml':
      return <YamlTab object={object} />
    case 'events':
      return <Events object={object} />
    case 'logs':
      return <Logs object={object} />
    case 'why':
      return <Why object={object} selection={selection} />
  }
}

function Header({ object, selection, isGone }: DetailsProps) {
  const { t } = useTranslation()
  const status = objectStatus(object)
  const created = parseTime(object.metadata.creationTimestamp)
  // Whole seconds, or this would render with every frame.
  const age = useCluster((state) =>
    humanDuration(Math.floor((state.clock.epoch + state.clock.now - created) / 1000) * 1000),
  )
  const { name, namespace } = object.metadata
  return (
    <header className="ihead">
      <div className="row faint kind">
        <Icon name={iconOfKind(object.kind)} size={14} />
        {namespace ? t('inspector.kindIn', { kind: object.kind, namespace }) : object.kind}
        <span className="grow" />
        {!isGone && <HeaderMenu object={object} selection={selection} />}
        <button type="button" className="btn icon close" aria-label={t('inspector.close')} onClick={() => select(null)}>
          <Icon name="ui-x" size={14} />
        </button>
      </div>
      <h2 className="n" title={selection.key}>
        {name}
      </h2>
      <div className="row state">
        {isGone ? (
          <span className="badge b-mute">{t('inspector.deleted')}</span>
        ) : (
          status && (
            <span className={`badge b-${status.tone}`}>
              <Icon name={status.icon} size={12} />
              {status.text}
            </span>
          )
        )}
        {!isGone && !Number.isNaN(created) && <span className="dim">{t('inspector.age', { age })}</span>}
      </div>
    </header>
  )
}
