import { Dialog } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { shortcuts } from '../palette/shortcuts.ts'
import { useReturnFocus } from './use-return-focus.ts'

/** The sheet of keys. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const returnFocus = useReturnFocus()
  const groups: [title: string, rows: [keys: readonly string[], what: string][]][] = [
    [
      t('shell.keys.everywhere'),
      [
        [shortcuts.palette, t('palette.label')],
        [shortcuts.apply, t('shell.keys.apply')],
        [shortcuts.diff, t('editor.diff.open')],
        [shortcuts.space, t('shell.keys.run')],
        [shortcuts.undo, t('shell.keys.undo')],
        [shortcuts.sheet, t('shell.keys.sheet')],
        [shortcuts.close, t('shell.keys.close')],
      ],
    ],
  ]
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog" onCloseAutoFocus={returnFocus} aria-describedby={undefined}>
          <div className="row">
            <Dialog.Title className="dialog-title grow">{t('shell.keys.title')}</Dialog.Title>
            <Dialog.Close className="btn icon" aria-label={t('shell.close')}>
              <Icon name="ui-x" />
            </Dialog.Close>
          </div>
          {groups.map(([title, rows]) => (
            <section key={title}>
              <h3 className="keys-title">{title}</h3>
              <dl className="keys">
                {rows.map(([keys, what]) => (
                  <div key={what} className="row">
                    <dt className="row">
                      {keys.map((key) => (
                        <kbd key={key} className="kbd">
                          {key}
                        </kbd>
                      ))}
                    </dt>
                    <dd className="dim">{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
