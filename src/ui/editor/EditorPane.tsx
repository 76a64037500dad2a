import { Suspense, lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notify } from '../state/notices.ts'
import { usePlaygrounds } from '../state/playgrounds.ts'
import { EditorFoot } from './EditorFoot.tsx'
import { FileTabs } from './FileTabs.tsx'
import { Lesson } from './Lesson.tsx'

const MonacoEditor = lazy(() => import('./MonacoEditor.tsx').then((module) => ({ default: module.MonacoEditor })))

/** Snapshots are as large as clusters are. */
const largestFile = 64_000_000

/** The manifests: tabs, the text, what the API server said, and the apply button. */
export function EditorPane() {
  const { t } = useTranslation()
  const [isDropping, setDropping] = useState(false)
  const current = usePlaygrounds((state) => state.current?.id)
  const drop = async (list: FileList) => {
    const files = [...list]
    const tooLarge = files.filter((file) => file.size > largestFile)
    if (tooLarge.length > 0)
      notify('error', t('editor.tooLarge', { files: tooLarge.map((file) => file.name).join(', ') }))
    const read = files
      .filter((file) => file.size <= largestFile)
      .map(async (file) => ({ name: file.name, text: await file.text() }))
    const { importFiles } = await import('./import-files.ts')
    await importFiles(await Promise.all(read))
  }
  return (
    <div
      className={isDropping ? 'editor dropping' : 'editor'}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setDropping(true)
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        event.preventDefault()
        setDropping(false)
        void drop(event.dataTransfer.files)
      }}
    >
      <FileTabs />
      <Lesson key={current} />
      <Suspense fallback={<div className="code loading">{t('editor.loading')}</div>}>
        <MonacoEditor />
      </Suspense>
      <EditorFoot />
    </div>
  )
}
