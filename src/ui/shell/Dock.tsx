import { Tabs } from 'radix-ui'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblemCount } from '../timeline/use-problems.ts'
import { useKeys } from '../state/cluster-store.ts'
import type { DockTab } from '../state/page-store.ts'
import { setCollapsed, setDockTab, usePage } from '../state/page-store.ts'

const Timeline = lazy(() => import('../timeline/Timeline.tsx').then((module) => ({ default: module.Timeline })))
const TimeControls = lazy(() =>
  import('../timeline/TimeControls.tsx').then((module) => ({ default: module.TimeControls })),
)
const EventsTable = lazy(() =>
  import('../timeline/EventsTable.tsx').then((module) => ({ default: module.EventsTable })),
)
const Problems = lazy(() => import('../timeline/Problems.tsx').then((module) => ({ default: module.Problems })))

const TrafficTable = lazy(() =>
  import('../timeline/TrafficTable.tsx').then((module) => ({ default: module.TrafficTable })),
)
const TerminalTab = lazy(() =>
  import('../terminal/TerminalTab.tsx').then((module) => ({ default: module.TerminalTab })),
)

/** What happened and what is wrong. */
export function Dock() {
  const { t } = useTranslation()
  const tab = usePage((state) => state.dockTab)
  return (
    <Tabs.Root
      className="dock"
      value={tab}
      onValueChange={(value) => {
        setDockTab(value as DockTab)
        setCollapsed('dock', false)
      }}
    >
      <div className="dock-head">
        <Tabs.List className="tabs" aria-label={t('shell.region.dock')}>
          <Tabs.Trigger className="tab" value="timeline">
            {t('dock.tab.timeline')}
          </Tabs.Trigger>
          <Tabs.Trigger className="tab" value="terminal">
            {t('dock.tab.terminal')}
          </Tabs.Trigger>
          <Tabs.Trigger className="tab" value="events">
            {t('dock.tab.events')}
            <EventCount />
          </Tabs.Trigger>
          <Tabs.Trigger className="tab" value="traffic">
            {t('dock.tab.traffic')}
          </Tabs.Trigger>
          <Tabs.Trigger className="tab" value="problems">
            {t('dock.tab.problems')}
            <ProblemCount />
          </Tabs.Trigger>
        </Tabs.List>
        <Suspense>
          <TimeControls />
        </Suspense>
      </div>
      <Tabs.Content className="dock-content" value="timeline">
        <Suspense>
          <Timeline />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content className="dock-content" value="terminal">
        <Suspense>
          <TerminalTab />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content className="dock-content" value="events">
        <Suspense>
          <EventsTable />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content className="dock-content" value="traffic">
        <Suspense>
          <TrafficTable />
        </Suspense>
      </Tabs.Content>
      <Tabs.Content className="dock-content" value="problems">
        <Suspense>
          <Problems />
        </Suspense>
      </Tabs.Content>
    </Tabs.Root>
  )
}

function EventCount() {
  const count = useKeys('events').length
  return count > 0 && <span className="n">{count}</span>
}

function ProblemCount() {
  const count = useProblemCount()
  return count > 0 && <span className="n bad">{count}</span>
}
