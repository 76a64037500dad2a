import { Tabs } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { EventsTable } from '../timeline/EventsTable.tsx'
import { Problems } from '../timeline/Problems.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { useProblemCount } from '../timeline/use-problems.ts'
import { useKeys } from '../state/cluster-store.ts'
import type { DockTab } from '../state/page-store.ts'
import { setCollapsed, setDockTab, usePage } from '../state/page-store.ts'

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
      <Tabs.List className="tabs" aria-label={t('shell.region.dock')}>
        <Tabs.Trigger className="tab" value="timeline">
          {t('dock.tab.timeline')}
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="events">
          {t('dock.tab.events')}
          <EventCount />
        </Tabs.Trigger>
        <Tabs.Trigger className="tab" value="problems">
          {t('dock.tab.problems')}
          <ProblemCount />
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content className="dock-content" value="timeline">
        <Timeline />
      </Tabs.Content>
      <Tabs.Content className="dock-content" value="events">
        <EventsTable />
      </Tabs.Content>
      <Tabs.Content className="dock-content" value="problems">
        <Problems />
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
