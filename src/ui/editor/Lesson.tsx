import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Example } from '../../playground/examples/example.ts'
import { Icon } from '../design/Icon.tsx'
import { usePage } from '../state/page-store.ts'
import { usePlaygrounds } from '../state/playgrounds.ts'

/** What an example teaches, above its files, until it is put away. */
export function Lesson() {
  const { t } = useTranslation()
  const language = usePage((state) => state.language)
  const id = usePlaygrounds((state) => state.current?.example)
  const [example, setExample] = useState<Example | null>(null)
  const [isClosed, setClosed] = useState(false)
  useEffect(() => {
    let isCurrent = true
    if (!id) return
    void import('../../playground/examples/examples.ts').then(({ examples }) => {
      if (isCurrent) setExample(examples.find((each) => each.id === id) ?? null)
    })
    return () => {
      isCurrent = false
    }
  }, [id])
  if (!example || isClosed) return null
  return (
    <section className="lesson" aria-label={t('editor.lesson')}>
      <div className="row">
        <Icon name="ui-book" size={14} className="faint" />
        <b className="strong grow">{example.title[language]}</b>
        <button
          type="button"
          className="btn icon small"
          aria-label={t('editor.closeLesson')}
          onClick={() => setClosed(true)}
        >
          <Icon name="ui-x" size={13} />
        </button>
      </div>
      <p className="dim">{example.lesson[language]}</p>
    </section>
  )
}
