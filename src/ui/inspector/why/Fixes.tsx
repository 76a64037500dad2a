import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fix } from '../../../bridge/protocol.ts'
import { Icon, type IconName } from '../../design/Icon.tsx'
import { applyFiles, useFiles } from '../../state/files-store.ts'
import { notify } from '../../state/notices.ts'
import { doFix, editInEditor, fileEditOf, type FileEdit } from './do-fix.ts'
import { useWords } from './say.ts'

/** What was tried and helps: as an edit in the editor where the object comes from a file of it, else done at once. */
export function Fixes({ fixes, title }: { fixes: readonly Fix[] | undefined; title: string }) {
  const { t } = useTranslation()
  if (!fixes)
    return (
      <p className="faint trying" role="status">
        {t('explain.trying')}
      </p>
    )
  if (fixes.length === 0) return <p className="faint">{t('explain.nothingHelps')}</p>
  return (
    <section>
      <h3 className="sec">{title}</h3>
      <ul className="fixes">
        {fixes.map((fix, index) => (
          <FixCard key={`${fix.code} ${JSON.stringify(fix.params)}`} fix={fix} isBest={index === 0} />
        ))}
      </ul>
    </section>
  )
}

function FixCard({ fix, isBest }: { fix: Fix; isBest: boolean }) {
  const { t } = useTranslation()
  const words = useWords()
  const files = useFiles((state) => state.files)
  const place = useMemo(() => fileEditOf(fix, files), [fix, files])
  const what = words.fix(fix)
  const label = place
    ? place.adds
      ? t('explain.addLine')
      : t('explain.editLine', { line: place.line })
    : fix.edits
      ? t('explain.change')
      : t('explain.do')

  async function run(edit: FileEdit | undefined) {
    if (edit) {
      await editInEditor(edit)
      const applies = fix.recreate ? undefined : { label: t('editor.apply'), run: () => void applyFiles([edit.file]) }
      return notify('info', what, t('explain.edited', { line: edit.line, file: edit.file }), applies)
    }
    const refusal = await doFix(fix)
    if (refusal !== undefined) notify('error', what, t('explain.refused', { message: refusal }))
  }

  return (
    <li className={isBest ? 'fix best' : 'fix'}>
      <Icon name={iconOf(fix)} size={15} className={isBest ? 'c-accent' : 'faint'} />
      <span className="what">
        <span>{what}</span>
        <span className="faint">
          {words.outcome(fix.outcome)}
          {fix.recreate && `, ${t('explain.recreate')}`}
          {fix.after?.type === 'delete' && ` · ${t('explain.thenDelete', { name: fix.after.name })}`}
        </span>
      </span>
      <button
        type="button"
        className={isBest ? 'btn ink' : 'btn out'}
        aria-label={t('explain.changeOf', { action: label, what })}
        title={place && `${place.file}:${place.line}`}
        onClick={() => void run(place)}
      >
        {label}
      </button>
    </li>
  )
}

function iconOf({ code }: Fix): IconName {
  if (code === 'plug' || code === 'powerOn' || code === 'addNode' || code === 'uncordon') return 'node'
  return 'ui-bulb'
}
