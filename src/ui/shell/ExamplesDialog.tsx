import { Dialog } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { examples } from '../../playground/examples/examples.ts'
import { Icon } from '../design/Icon.tsx'
import { usePage } from '../state/page-store.ts'
import { openExample } from './open-example.ts'
import { useReturnFocus } from './use-return-focus.ts'

/** The gallery: an example opens as a playground of its own. */
export function ExamplesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const returnFocus = useReturnFocus()
  const language = usePage((state) => state.language)
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog gallery" onCloseAutoFocus={returnFocus}>
          <div className="row">
            <Dialog.Title className="dialog-title grow">{t('shell.gallery.title')}</Dialog.Title>
            <Dialog.Close className="btn icon" aria-label={t('shell.close')}>
              <Icon name="ui-x" />
            </Dialog.Close>
          </div>
          <Dialog.Description className="dim dialog-text">{t('shell.gallery.text')}</Dialog.Description>
          <ul className="cards">
            {examples.map((example) => (
              <li key={example.id}>
                <button
                  type="button"
                  className="example"
                  onClick={() => {
                    onClose()
                    void openExample(example, example.title[language])
                  }}
                >
                  <span className="strong">{example.title[language]}</span>
                  <span className="dim">{example.lesson[language]}</span>
                  <span className="row faint">
                    <Icon name="node" size={13} />
                    {t('shell.gallery.nodes', { count: example.shape.machines.length })}
                    <Icon name="ui-file" size={13} />
                    {t('shell.gallery.files', { count: example.files.length })}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
