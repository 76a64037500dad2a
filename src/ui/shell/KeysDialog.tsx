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
        [shortcuts.palette, t('shell.find')],
        [shortcuts.apply, t('shell.keys.apply')],
        [shortcuts.diff, t('editor.diff')],
        [shortcuts.space, t('shell.keys.run')],
        [shortcuts.undo, t('shell.keys.undo')],
        [shortcuts.sheet, t('shell.keys.sheet')],
        [shortcuts.close, t('shell.keys.close')],
      ],
    ],
    [
      t('shell.region.graph'),
      [
        [shortcuts.lenses, t('shell.keys.lenses')],
        [shortcuts.filter, t('shell.keys.filter')],
        [shortcuts.travel, t('shell.keys.travel')],
        [shortcuts.choose, t('shell.keys.choose')],
        [shortcuts.menu, t('shell.keys.menu')],
        [shortcuts.fit, t('shell.keys.fit')],
        [shortcuts.zoom, t('shell.keys.zoom')],
      ],
    ],
    [
      t('shell.region.editor'),
      [
        [shortcuts.complete, t('shell.keys.complete')],
        [shortcuts.quickFix, t('shell.keys.quickFix')],
        [shortcuts.command, t('shell.keys.command')],
      ],
    ],
    [t('dock.tab.timeline'), [[shortcuts.moment, t('shell.keys.moment')]]],
    [
      t('dock.tab.terminal'),
      [
        [shortcuts.tab, t('shell.keys.tab')],
        [shortcuts.recall, t('shell.keys.recall')],
        [shortcuts.interrupt, t('shell.keys.interrupt')],
      ],
    ],
  ]
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog keys-sheet" onCloseAutoFocus={returnFocus} aria-describedby={undefined}>
          <div className="row">
            <Dialog.Title className="dialog-title grow">{t('shell.keys.title')}</Dialog.Title>
            <Dialog.Close className="btn icon" aria-label={t('shell.close')}>
              <Icon name="ui-x" />
            </Dialog.Close>
          </div>
          <div className="keys-groups">
            {groups.map(([title, rows]) => (
              <section key={title}>
                <h3 className="keys-title">{title}</h3>
                <dl className="keys">
                  {rows.map(([keys, what]) => (
                    <div key={what} className="row">
                      <dt className="row">
                        {keys.map((key) => (
                          <kbd key={key} className="kbd">
                            {key === '␣' ? t('shell.keys.space') : key}
                          </kbd>
                        ))}
                      </dt>
                      <dd className="dim">{what}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
