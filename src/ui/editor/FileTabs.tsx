import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { LazyMenu } from '../design/LazyMenu.tsx'
import { addFile, changedFiles, openFile, renameFile, useFiles } from '../state/files-store.ts'

const loadFileMenu = () => import('./FileMenu.tsx')

/** One tab a file; the open one has a menu. */
export function FileTabs() {
  const { t } = useTranslation()
  const files = useFiles((state) => state.files)
  const applied = useFiles((state) => state.applied)
  const activeFile = useFiles((state) => state.activeFile)
  const [renaming, setRenaming] = useState<string | null>(null)
  const changed = new Set(changedFiles({ files, applied }).map((file) => file.name))
  return (
    <div className="tabs files" role="group" aria-label={t('editor.files')}>
      <div className="tab-scroll">
        {files.map(({ name }) =>
          renaming === name ? (
            <RenameField key={name} name={name} onDone={() => setRenaming(null)} />
          ) : (
            <span key={name} className={name === activeFile ? 'tab on' : 'tab'}>
              <button
                type="button"
                className="tab-name"
                aria-pressed={name === activeFile}
                onClick={() => openFile(name)}
                onDoubleClick={() => setRenaming(name)}
              >
                <Icon name="ui-file" size={14} />
                {name}
                {changed.has(name) && (
                  <span className="unapplied" title={t('editor.notApplied')}>
                    <span className="sr">{t('editor.notApplied')}</span>
                  </span>
                )}
              </button>
              {name === activeFile && (
                <LazyMenu
                  className="tab-menu"
                  label={t('editor.fileMenu', { name })}
                  load={loadFileMenu}
                  more={{ name, onRename: () => setRenaming(name) }}
                >
                  <Icon name="ui-more" size={14} />
                </LazyMenu>
              )}
            </span>
          ),
        )}
      </div>
      <button
        type="button"
        className="tab add"
        aria-label={t('editor.addFile')}
        title={t('editor.addFile')}
        onClick={() => addFile('new.yaml')}
      >
        <Icon name="ui-plus" size={14} />
      </button>
    </div>
  )
}

function RenameField({ name, onDone }: { name: string; onDone: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(name)
  const [isTaken, setTaken] = useState(false)
  const commit = () => {
    if (renameFile(name, text)) onDone()
    else setTaken(true)
  }
  return (
    <input
      className={isTaken ? 'input rename err' : 'input rename'}
      aria-label={t('editor.newName', { name })}
      aria-invalid={isTaken}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field appears because the user asked to type a name
      autoFocus
      value={text}
      size={Math.max(8, text.length)}
      onChange={(event) => setText(event.target.value)}
      onBlur={onDone}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') onDone()
      }}
    />
  )
}
