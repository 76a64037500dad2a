import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Example, Subject } from '../../playground/examples/example.ts'
import { subjects } from '../../playground/examples/example.ts'
import { examples } from '../../playground/examples/examples.ts'
import { Icon, type IconName } from '../design/Icon.tsx'
import { bestOf, tokensOf } from '../palette/search.ts'
import type { Language } from '../state/page-store.ts'
import { usePage } from '../state/page-store.ts'
import { openExample } from './open-example.ts'
import { useReturnFocus } from './use-return-focus.ts'

const icons: Readonly<Record<Subject, IconName>> = {
  basics: 'pod',
  rollouts: 'deployment',
  health: 's-notready',
  networking: 'service',
  scheduling: 'scheduler',
  storage: 'pvc',
  limits: 'resourcequota',
  failures: 'ui-unplug',
}

/** The gallery: an example opens as a playground of its own. */
export function ExamplesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const returnFocus = useReturnFocus()
  const language = usePage((state) => state.language)
  const [query, setQuery] = useState('')
  const found = searched(query, language)
  const open = (example: Example) => {
    onClose()
    void openExample(example, example.title[language])
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog gallery" onCloseAutoFocus={returnFocus}>
          <div className="row">
            <Dialog.Title className="dialog-title grow">{t('shell.gallery.title')}</Dialog.Title>
            <label className="input gallery-search">
              <Icon name="ui-search" size={14} className="faint" />
              <input
                type="search"
                aria-label={t('shell.gallery.search')}
                placeholder={t('shell.gallery.search')}
                // oxlint-disable-next-line jsx-a11y/no-autofocus -- who opens the gallery looks for something
                autoFocus
                value={query}
                onChange={(event) => setQuery(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && query.trim() !== '' && found[0]) open(found[0])
                }}
              />
            </label>
            <Dialog.Close className="btn icon" aria-label={t('shell.close')}>
              <Icon name="ui-x" />
            </Dialog.Close>
          </div>
          <Dialog.Description className="dim dialog-text">{t('shell.gallery.text')}</Dialog.Description>
          <div className="gallery-groups">
            {found.length === 0 && <p className="faint">{t('shell.gallery.none')}</p>}
            {subjects.map((subject) => {
              const members = found.filter((example) => example.subject === subject)
              if (members.length === 0) return null
              return (
                <section key={subject} aria-label={t(`shell.gallery.subject.${subject}`)}>
                  <h3 className="row gallery-subject">
                    <Icon name={icons[subject]} size={14} />
                    {t(`shell.gallery.subject.${subject}`)}
                  </h3>
                  <ul className="cards">
                    {members.map((example) => (
                      <li key={example.id}>
                        <Card example={example} language={language} onOpen={() => open(example)} />
                      </li>
                    ))}
                  </ul>
                </section>
              )
            })}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Card({ example, language, onOpen }: { example: Example; language: Language; onOpen: () => void }) {
  const { t } = useTranslation()
  return (
    <button type="button" className="example" onClick={onOpen}>
      <span className="strong">{example.title[language]}</span>
      <span className="dim">{example.lesson[language]}</span>
      <span className="row faint">
        <Icon name="node" size={13} />
        {t('shell.gallery.nodes', { count: example.shape.machines.length })}
        <Icon name="ui-file" size={13} />
        {t('shell.gallery.files', { count: example.files.length })}
      </span>
    </button>
  )
}

function searched(query: string, language: Language): readonly Example[] {
  const tokens = tokensOf(query)
  if (tokens.length === 0) return examples
  const items = examples.map((example) => {
    const kinds = example.files.flatMap(({ text }) => [...text.matchAll(/^kind: (\w+)/gm)].map(([, kind]) => kind))
    const words = [example.title.en, example.title.zh, example.lesson[language], example.subject, ...kinds].join(' ')
    return { example, name: example.title[language].toLowerCase(), words: words.toLowerCase() }
  })
  return bestOf(items, tokens, examples.length).map(({ example }) => example)
}
