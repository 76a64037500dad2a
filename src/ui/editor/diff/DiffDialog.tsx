import { Dialog } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/Icon.tsx'
import { loadAreas } from '../../i18n/i18n.ts'
import { useReturnFocus } from '../../shell/use-return-focus.ts'
import { applyFiles, useFiles } from '../../state/files-store.ts'
import { monaco } from '../monaco.ts'
import type { Preview } from './preview.ts'
import { previewOf } from './preview.ts'
import './diff.css'

await loadAreas('changes')

const comparisonMs = 5000

/** What an apply of the open file would change, against the cluster as it is. */
export function DiffDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const returnFocus = useReturnFocus()
  const file = useFiles((state) => state.activeFile)
  const text = useFiles((state) => state.files.find((each) => each.name === state.activeFile)?.text ?? '')
  const [preview, setPreview] = useState<Preview | 'failed'>()
  useEffect(() => {
    let isCurrent = true
    previewOf(text).then(
      (found) => isCurrent && setPreview(found),
      () => isCurrent && setPreview('failed'),
    )
    return () => {
      isCurrent = false
    }
  }, [text])
  const changes = preview && preview !== 'failed' ? counted(preview) : []
  const isSame = changes.length > 0 && changes.every(([result]) => result === 'unchanged')
  const refusals = preview && preview !== 'failed' ? preview.results.filter((each) => each.result === 'refused') : []
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content
          className="pop dialog diff"
          onCloseAutoFocus={returnFocus}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
            event.preventDefault()
            onClose()
            void applyFiles([file])
          }}
        >
          <div className="row">
            <Dialog.Title className="dialog-title ell">{t('changes.diff.title', { file })}</Dialog.Title>
            <span className="grow" />
            {changes.map(([result, count]) => (
              <span key={result} className={`badge ${tones[result]}`}>
                {t(`changes.diff.${result}`, { count })}
              </span>
            ))}
            <Dialog.Close className="btn icon" aria-label={t('shell.close')}>
              <Icon name="ui-x" />
            </Dialog.Close>
          </div>
          <Dialog.Description className="dim dialog-text">
            {preview === 'failed' ? t('changes.diff.failed') : t(isSame ? 'changes.diff.same' : 'changes.diff.text')}
          </Dialog.Description>
          {refusals.length > 0 && (
            <ul className="diff-refused">
              {refusals.map(({ document, object, message }, index) => (
                <li key={`${document} ${index}`}>
                  <Icon name="s-error" size={13} className="c-fail" />
                  <b>{object}</b> {message}
                </li>
              ))}
            </ul>
          )}
          <div className="diff-body">
            {preview && preview !== 'failed' ? (
              <Sides preview={preview} />
            ) : (
              <p className="faint">{preview ? '' : '…'}</p>
            )}
          </div>
          <div className="row end diff-foot">
            <button type="button" className="btn" onClick={onClose}>
              {t('shell.cancel')}
            </button>
            <button
              type="button"
              className="btn ink"
              disabled={!preview || preview === 'failed'}
              onClick={() => {
                onClose()
                void applyFiles([file])
              }}
            >
              {t('editor.apply')}
            </button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const tones = { created: 'b-ok', configured: 'b-progress', unchanged: 'b-mute', refused: 'b-fail' } as const

function counted({ results }: Preview): [keyof typeof tones, number][] {
  const order = ['created', 'configured', 'unchanged', 'refused'] as const
  return order
    .map((each): [keyof typeof tones, number] => [each, results.filter(({ result }) => result === each).length])
    .filter(([, count]) => count > 0)
}

function Sides({ preview: { before, after } }: { preview: Preview }) {
  const { t } = useTranslation()
  const container = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!container.current) return
    const original = monaco.editor.createModel(before, 'yaml')
    const modified = monaco.editor.createModel(after, 'yaml')
    const editor = monaco.editor.createDiffEditor(container.current, {
      automaticLayout: true,
      readOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      renderOverviewRuler: false,
      renderMarginRevertIcon: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 6, minimumLineCount: 8 },
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      editContext: false,
      fontFamily: '"JetBrains Mono", ui-monospace, monospace',
      fontSize: 12,
      lineHeight: 18,
      lineNumbersMinChars: 3,
      folding: false,
      stickyScroll: { enabled: false },
      renderLineHighlight: 'none',
      originalAriaLabel: t('changes.diff.live'),
      modifiedAriaLabel: t('changes.diff.applied'),
    })
    editor.setModel({ original, modified })
    return () => {
      editor.dispose()
      // A comparison that is still on its way needs its texts, and fails loudly without them.
      setTimeout(() => [original, modified].forEach((model) => model.dispose()), comparisonMs)
    }
  }, [before, after, t])
  return (
    <>
      <div className="diff-heads faint" aria-hidden="true">
        <span>{t('changes.diff.live')}</span>
        <span>{t('changes.diff.applied')}</span>
      </div>
      <div className="diff-sides" ref={container} />
    </>
  )
}
