import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import { Icon } from '../design/Icon.tsx'
import { isMac, shortcuts } from '../palette/shortcuts.ts'
import type { Verdict } from '../state/files-store.ts'
import { applyFiles, changedFiles, useFiles } from '../state/files-store.ts'
import { openDialog, setDockTab, setCollapsed } from '../state/page-store.ts'
import { usePlaygrounds } from '../state/playgrounds.ts'
import { useHintLines } from './hints/hint-count.ts'
import { revealLine } from './reveal.ts'

/** Counts of errors and changes, what came of the last apply, and the one ink button of the region. */
export function EditorFoot() {
  const { t } = useTranslation()
  const { files, applied, activeFile, verdicts, isApplying } = useFiles()
  const isOpening = usePlaygrounds((state) => state.isOpening)
  const changed = changedFiles({ files, applied })
  const others = changed.filter((file) => file.name !== activeFile)
  const verdict = verdicts[activeFile]
  const errors = verdict?.results.filter((result) => result.result === 'refused').length ?? 0
  const isEmpty = (files.find((file) => file.name === activeFile)?.text ?? '').trim() === ''
  return (
    <div className="edfoot">
      {errors > 0 && (
        <button
          type="button"
          className="count c-fail"
          title={t('editor.errors', { count: errors })}
          aria-label={t('editor.errors', { count: errors })}
          onClick={() => {
            setDockTab('problems')
            setCollapsed('dock', false)
          }}
        >
          <Icon name="s-error" size={13} />
          {errors}
        </button>
      )}
      <HintCount file={activeFile} />
      <span className="ell grow" role="status">
        {verdict && !verdict.isCheck
          ? outcome(verdict, t)
          : changed.length > 0
            ? t('editor.changed', { count: changed.length, total: files.length })
            : ''}
      </span>
      {others.length > 0 && (
        <button
          type="button"
          className="btn out"
          disabled={isApplying || isOpening}
          onClick={() => void applyFiles(changed.map((file) => file.name))}
        >
          {t('editor.applyAll')}
        </button>
      )}
      <button
        type="button"
        className="btn out"
        disabled={isApplying || isOpening || isEmpty}
        aria-keyshortcuts={isMac ? 'Meta+Shift+Enter' : 'Control+Shift+Enter'}
        title={`${t('editor.diff')} (${shortcuts.diff.join(' ')})`}
        onClick={() => openDialog('diff')}
      >
        {t('editor.diff')}
      </button>
      <button
        type="button"
        className="btn ink"
        disabled={isApplying || isOpening || isEmpty}
        aria-keyshortcuts={isMac ? 'Meta+Enter' : 'Control+Enter'}
        onClick={() => void applyFiles([activeFile])}
      >
        {t('editor.apply')}
        <span className="kbd" aria-hidden="true">
          {isMac ? '⌘↵' : 'Ctrl ↵'}
        </span>
      </button>
    </div>
  )
}

/** How many lines have something to say; each press goes to the next. */
function HintCount({ file }: { file: string }) {
  const { t } = useTranslation()
  const hints = useHintLines()
  const last = useRef(0)
  if (hints.file !== file || hints.lines.length === 0) return null
  const label = t('editor.hints', { count: hints.lines.length })
  return (
    <button
      type="button"
      className="count c-wait"
      title={label}
      aria-label={label}
      onClick={() => {
        const next = hints.lines.find((line) => line > last.current) ?? hints.lines[0]!
        last.current = next
        revealLine(file, next)
      }}
    >
      <Icon name="ui-bulb" size={13} />
      {hints.lines.length}
    </button>
  )
}

function outcome({ results }: Verdict, t: TFunction): string {
  const order = ['created', 'configured', 'unchanged', 'refused'] as const
  return order
    .map((each) => [each, results.filter((result) => result.result === each).length] as const)
    .filter(([, count]) => count > 0)
    .map(([each, count]) => t(`editor.outcome.${each}`, { count }))
    .join(', ')
}
