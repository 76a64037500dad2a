import { Dialog } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'

/** The sheet of keys. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const rows: [keys: string, what: string][] = [
    ['⌘/Ctrl ↵', t('shell.keys.apply')],
    [t('shell.keys.space'), t('shell.keys.run')],
    ['?', t('shell.keys.sheet')],
    ['Esc', t('shell.keys.close')],
  ]
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog" aria-describedby={undefined}>
          <div className="row">
            <Dialog.Title className="dialog-title grow">{t('shell.keys.title')}</Dialog.Title>
            <Dialog.Close className="btn icon" aria-label={t('shell.close')}>
              <Icon name="ui-x" />
            </Dialog.Close>
          </div>
          <dl className="keys">
            {rows.map(([keys, what]) => (
              <div key={keys} className="row">
                <dt className="kbd">{keys}</dt>
                <dd className="dim">{what}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
