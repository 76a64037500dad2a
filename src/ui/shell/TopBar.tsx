import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { openDialog, setCollapsed, setLanguage, setTheme, usePage } from '../state/page-store.ts'
import type { Panel } from '../state/page-store.ts'
import { isMac } from '../palette/shortcuts.ts'
import { PlaygroundMenu } from './PlaygroundMenu.tsx'
import { Transport } from './Transport.tsx'

/** Where we are, the clock, and what concerns the page as a whole. */
export function TopBar() {
  const { t } = useTranslation()
  const theme = usePage((state) => state.theme)
  const language = usePage((state) => state.language)
  return (
    <header className="topbar">
      <div className="topbar-side">
        <h1 className="logo">
          <Logo />
          Kubecosm
        </h1>
        <span className="faint" aria-hidden="true">
          /
        </span>
        <PlaygroundMenu />
        <span className="tag" title={t('shell.kubernetesVersion')}>
          1.36
        </span>
      </div>
      <Transport />
      <div className="topbar-side end">
        <button type="button" className="btn" onClick={() => openDialog('examples')}>
          <Icon name="ui-book" />
          {t('shell.examples')}
        </button>
        <button type="button" className="btn out" onClick={() => openDialog('share')}>
          <Icon name="ui-share" />
          {t('shell.share')}
        </button>
        <button
          type="button"
          className="btn find"
          aria-label={t('shell.find')}
          aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
          onClick={() => openDialog('palette')}
        >
          <Icon name="ui-search" />
          <span className="find-words">{t('shell.find')}</span>
          <span className="kbd" aria-hidden="true">
            {isMac ? '⌘K' : 'Ctrl K'}
          </span>
        </button>
        <span className="gap" />
        <PanelToggle panel="editor" />
        <PanelToggle panel="dock" />
        <PanelToggle panel="inspector" />
        <span className="gap" />
        <button
          type="button"
          className="btn language"
          lang={language === 'en' ? 'zh-CN' : 'en'}
          title={t('shell.otherLanguage')}
          onClick={() => setLanguage(language === 'en' ? 'zh' : 'en')}
        >
          {language === 'en' ? '中文' : 'EN'}
        </button>
        <button
          type="button"
          className="btn icon"
          aria-label={t(theme === 'dark' ? 'shell.theme.toLight' : 'shell.theme.toDark')}
          title={t(theme === 'dark' ? 'shell.theme.toLight' : 'shell.theme.toDark')}
          onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          <Icon name={theme === 'dark' ? 'ui-moon' : 'ui-sun'} />
        </button>
      </div>
    </header>
  )
}

function PanelToggle({ panel }: { panel: Panel }) {
  const { t } = useTranslation()
  const isCollapsed = usePage((state) => state.collapsed[panel])
  return (
    <button
      type="button"
      className="btn icon"
      aria-pressed={!isCollapsed}
      aria-label={t(`shell.panel.${panel}`)}
      title={t(`shell.panel.${panel}`)}
      onClick={() => setCollapsed(panel, !isCollapsed)}
    >
      <span className={`panel-glyph ${panel} ${isCollapsed ? '' : 'on'}`} aria-hidden="true" />
    </button>
  )
}

function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <circle
        cx="10"
        cy="10"
        r="8.25"
        stroke="var(--text-3)"
        strokeWidth="1.25"
        strokeDasharray="37 15"
        transform="rotate(-38 10 10)"
      />
      <rect x="6" y="6" width="3.5" height="3.5" rx="1" fill="var(--text)" />
      <rect x="10.5" y="6" width="3.5" height="3.5" rx="1" fill="var(--text)" />
      <rect x="6" y="10.5" width="3.5" height="3.5" rx="1" fill="var(--text)" />
      <rect x="15.4" y="2.6" width="3.6" height="3.6" rx="1" fill="var(--accent)" />
    </svg>
  )
}
