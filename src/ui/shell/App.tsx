import { Suspense, lazy } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { useTranslation } from 'react-i18next'
import { EditorPane } from '../editor/EditorPane.tsx'
import { GraphView } from '../graph/GraphView.tsx'
import { loadAreas } from '../i18n/i18n.ts'
import { openDialog, usePage } from '../state/page-store.ts'
import { useIsPast } from '../state/time.ts'
import { Dock } from './Dock.tsx'
import { TopBar } from './TopBar.tsx'
import { useCollapsible } from './use-collapsible.ts'
import { useShortcuts } from './use-shortcuts.ts'

const Inspector = lazy(() =>
  Promise.all([import('../inspector/Inspector.tsx'), loadAreas('inspector')]).then(([module]) => ({
    default: module.Inspector,
  })),
)
const Notices = lazy(() => import('./Notices.tsx').then((module) => ({ default: module.Notices })))
const ExamplesDialog = lazy(() => import('./ExamplesDialog.tsx').then((module) => ({ default: module.ExamplesDialog })))
const ShareDialog = lazy(() => import('../share/ShareDialog.tsx').then((module) => ({ default: module.ShareDialog })))
const Palette = lazy(() => import('../palette/Palette.tsx').then((module) => ({ default: module.Palette })))
const DiffDialog = lazy(() =>
  import('../editor/diff/DiffDialog.tsx').then((module) => ({ default: module.DiffDialog })),
)
const KeysDialog = lazy(() => import('./KeysDialog.tsx').then((module) => ({ default: module.KeysDialog })))

/** The page: editor and graph over the dock on the left, the inspector at full height on the right. */
export function App() {
  const { t } = useTranslation()
  const dialog = usePage((state) => state.dialog)
  const editor = useCollapsible('editor')
  const inspector = useCollapsible('inspector')
  const dock = useCollapsible('dock')
  const isPast = useIsPast()
  useShortcuts()
  const isSmall = innerWidth < 1400 || innerHeight < 800
  return (
    <div className="page">
      <TopBar />
      <main className="page-body">
        <Group orientation="horizontal">
          <Panel id="left" minSize="40%">
            <Group orientation="vertical">
              <Panel id="upper" minSize="30%">
                <Group orientation="horizontal">
                  <Panel
                    id="editor"
                    groupResizeBehavior="preserve-pixel-size"
                    defaultSize={isSmall ? 288 : 332}
                    minSize={220}
                    collapsible
                    {...editor}
                  >
                    <section className="region" aria-label={t('shell.region.editor')}>
                      <EditorPane />
                    </section>
                  </Panel>
                  <Separator className="divider vertical" aria-label={t('shell.region.resizeEditor')} />
                  <Panel id="graph" minSize={320}>
                    <section className={`region canvas${isPast ? ' past' : ''}`} aria-label={t('shell.region.graph')}>
                      <GraphView />
                    </section>
                  </Panel>
                </Group>
              </Panel>
              <Separator className="divider horizontal" aria-label={t('shell.region.resizeDock')} />
              <Panel
                id="dock"
                groupResizeBehavior="preserve-pixel-size"
                defaultSize={isSmall ? 168 : 206}
                minSize={90}
                collapsible
                collapsedSize={34}
                {...dock}
              >
                <section className="region" aria-label={t('shell.region.dock')}>
                  <Dock />
                </section>
              </Panel>
            </Group>
          </Panel>
          <Separator className="divider vertical" aria-label={t('shell.region.resizeInspector')} />
          <Panel
            id="inspector"
            groupResizeBehavior="preserve-pixel-size"
            defaultSize={isSmall ? 296 : 326}
            minSize={240}
            collapsible
            {...inspector}
          >
            <section className="region" aria-label={t('shell.region.inspector')}>
              <Suspense>
                <Inspector />
              </Suspense>
            </section>
          </Panel>
        </Group>
      </main>
      <Suspense>
        {dialog === 'examples' && <ExamplesDialog onClose={() => openDialog(null)} />}
        {dialog === 'share' && <ShareDialog onClose={() => openDialog(null)} />}
        {dialog === 'palette' && <Palette onClose={() => openDialog(null)} />}
        {dialog === 'diff' && <DiffDialog onClose={() => openDialog(null)} />}
        {dialog === 'keys' && <KeysDialog onClose={() => openDialog(null)} />}
      </Suspense>
      <Suspense>
        <Notices />
      </Suspense>
    </div>
  )
}
