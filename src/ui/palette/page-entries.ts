import type { TFunction } from 'i18next'
import { clusterStore } from '../state/cluster-store.ts'
import { addFile, applyFiles, changedFiles, openFile, useFiles } from '../state/files-store.ts'
import type { Panel } from '../state/page-store.ts'
import { openDialog, setCollapsed, setDockTab, setLanguage, setTheme, usePage } from '../state/page-store.ts'
import { createPlayground, openPlayground, setRunning, setSpeed, usePlaygrounds } from '../state/playgrounds.ts'
import { request } from '../state/session.ts'
import { setLens } from '../graph/lens-store.ts'
import { seek, undo } from '../state/time.ts'
import { downloadCurrent, uploadPlayground } from '../shell/playground-file.ts'
import type { Entry } from './entry.ts'
import { entry } from './entry.ts'
import { shortcuts } from './shortcuts.ts'

const speeds = [0.1, 0.5, 1, 2, 5, 10, 50, 100, 1000]
const lenses = [
  ['nodes', 'node'],
  ['workloads', 'deployment'],
  ['network', 'service'],
  ['storage', 'pv'],
] as const
const skips = [
  ['skip1m', 60_000],
  ['skip5m', 300_000],
  ['skip1h', 3_600_000],
] as const

/** What can be done with the page: the files, the clock, playgrounds, panels. */
export function pageEntries(t: TFunction): Entry[] {
  return [...fileActions(t), ...clockActions(t), ...views(t), ...playgroundActions(t), ...settings(t)]
}

function fileActions(t: TFunction): Entry[] {
  const { files, applied, activeFile } = useFiles.getState()
  const changed = changedFiles({ files, applied })
  return [
    entry({
      group: 'do',
      icon: 'ui-check',
      title: t('palette.do.apply', { file: activeFile }),
      keys: shortcuts.apply,
      also: 'kubectl apply',
      run: () => void applyFiles([activeFile]),
    }),
    entry({
      group: 'do',
      icon: 'ui-file',
      title: t('palette.do.diff', { file: activeFile }),
      keys: shortcuts.diff,
      also: 'diff compare',
      run: () => openDialog('diff'),
    }),
    ...(changed.length > 1
      ? [
          entry({
            group: 'do' as const,
            icon: 'ui-check' as const,
            title: t('palette.do.applyAll', { count: changed.length }),
            run: () => void applyFiles(changed.map((file) => file.name)),
          }),
        ]
      : []),
    entry({
      group: 'do',
      icon: 'ui-bulb',
      title: t('palette.do.tidy', { file: activeFile }),
      also: 'import clean up kubectl get yaml helm',
      run: () => void import('../editor/import-files.ts').then(({ tidyFile }) => tidyFile(activeFile)),
    }),
    entry({ group: 'do', icon: 'ui-plus', title: t('palette.do.newFile'), run: () => void addFile('new.yaml') }),
  ]
}

function clockActions(t: TFunction): Entry[] {
  const { running, next } = clusterStore.getState().clock
  const ask = (message: Parameters<typeof request>[0]) => void request(message as never).catch(() => undefined)
  return [
    entry({
      group: 'do',
      icon: running ? 'ui-pause' : 'ui-play',
      title: t(running ? 'shell.transport.pause' : 'shell.transport.run'),
      keys: shortcuts.space,
      run: () => setRunning(!running),
    }),
    entry({ group: 'do', icon: 'ui-step', title: t('shell.transport.step'), run: () => ask({ type: 'step' }) }),
    ...(next === null
      ? []
      : [
          entry({
            group: 'do' as const,
            icon: 'ui-skip' as const,
            title: t('shell.transport.skip'),
            also: 'fast forward',
            run: () => ask({ type: 'skip' }),
          }),
        ]),
    ...skips.map(([name, by]) =>
      entry({
        group: 'do',
        icon: 'ui-skip',
        title: t(`palette.do.${name}`),
        also: 'fast forward wait',
        run: () => ask({ type: 'skip', by }),
      }),
    ),
  ]
}

function playgroundActions(t: TFunction): Entry[] {
  const { list, current } = usePlaygrounds.getState()
  return [
    entry({
      group: 'do',
      icon: 'ui-share',
      title: t('palette.do.share'),
      also: 'link export',
      run: () => openDialog('share'),
    }),
    entry({ group: 'do', icon: 'ui-book', title: t('palette.do.examples'), run: () => openDialog('examples') }),
    entry({
      group: 'do',
      icon: 'ui-plus',
      title: t('shell.playground.new'),
      run: () => void createPlayground({}),
    }),
    entry({
      group: 'do',
      icon: 'ui-share',
      title: t('shell.playground.download'),
      also: 'save export',
      run: () => void downloadCurrent(),
    }),
    entry({
      group: 'do',
      icon: 'ui-layers',
      title: t('shell.playground.upload'),
      also: 'import load',
      run: uploadPlayground,
    }),
    ...list
      .filter((each) => each.id !== current?.id)
      .map((each) =>
        entry({
          group: 'goto',
          icon: 'ui-layers',
          title: each.name,
          detail: t('palette.playground'),
          run: () => void openPlayground(each.id),
        }),
      ),
    ...useFiles.getState().files.map(({ name }) =>
      entry({
        group: 'goto',
        icon: 'ui-file',
        title: name,
        detail: t('palette.file'),
        run: () => {
          setCollapsed('editor', false)
          openFile(name)
        },
      }),
    ),
  ]
}

/** Looking at the graph otherwise, and at another time. */
function views(t: TFunction): Entry[] {
  const { clock } = clusterStore.getState()
  return [
    ...lenses.map(([lens, icon], index) =>
      entry({
        group: 'goto',
        icon,
        title: t(`graph.lens.${lens}`),
        detail: t('graph.lens.label'),
        keys: [String(index + 1)],
        run: () => setLens(lens),
      }),
    ),
    entry({
      group: 'do',
      icon: 'ui-undo',
      title: t('shell.keys.undo'),
      keys: shortcuts.undo,
      run: () => void undo(),
    }),
    ...(clock.live === undefined
      ? []
      : [
          entry({
            group: 'do' as const,
            icon: 'ui-skip' as const,
            title: t('dock.time.return'),
            also: 'live now present',
            run: () => seek(null),
          }),
        ]),
  ]
}

function settings(t: TFunction): Entry[] {
  const { theme, language, collapsed } = usePage.getState()
  const { speed } = clusterStore.getState().clock
  const panels: readonly Panel[] = ['editor', 'dock', 'inspector']
  const tabs = ['timeline', 'terminal', 'events', 'traffic', 'problems'] as const
  return [
    ...tabs.map((tab) =>
      entry({
        group: 'goto',
        icon: 'ui-chev-r',
        title: t(`dock.tab.${tab}`),
        detail: t('palette.tab'),
        run: () => {
          setDockTab(tab)
          setCollapsed('dock', false)
        },
      }),
    ),
    entry({
      group: 'settings',
      icon: theme === 'dark' ? 'ui-sun' : 'ui-moon',
      title: t(theme === 'dark' ? 'shell.theme.toLight' : 'shell.theme.toDark'),
      also: 'theme',
      run: () => setTheme(theme === 'dark' ? 'light' : 'dark'),
    }),
    entry({
      group: 'settings',
      icon: 'ui-book',
      title: t('shell.otherLanguage'),
      also: 'language english chinese 语言 中文',
      run: () => setLanguage(language === 'en' ? 'zh' : 'en'),
    }),
    ...panels.map((panel) =>
      entry({
        group: 'settings',
        icon: 'ui-layers',
        verb: t(collapsed[panel] ? 'palette.show' : 'palette.hide'),
        title: t(`shell.panel.${panel}`),
        run: () => setCollapsed(panel, !collapsed[panel]),
      }),
    ),
    entry({
      group: 'settings',
      icon: 'ui-more',
      title: t('shell.keys.title'),
      keys: shortcuts.sheet,
      also: 'shortcuts keyboard help',
      run: () => openDialog('keys'),
    }),
    ...speeds.map((each) =>
      entry({
        group: 'settings',
        icon: each === speed ? 'ui-check' : 'ui-play',
        title: t('shell.transport.speed', { speed: each }),
        run: () => setSpeed(each),
      }),
    ),
  ]
}
