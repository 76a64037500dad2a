import { AlertDialog, Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deletePlayground, renamePlayground, resetPlayground, usePlaygrounds } from '../state/playgrounds.ts'

export type PlaygroundQuestion = 'rename' | 'reset' | 'delete'

/** Asks for a name, or whether what cannot be undone is meant. */
export function PlaygroundDialogs({ question, onClose }: { question: PlaygroundQuestion; onClose: () => void }) {
  return question === 'rename' ? (
    <RenameDialog onClose={onClose} />
  ) : (
    <ConfirmDialog question={question} onClose={onClose} />
  )
}

function RenameDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const current = usePlaygrounds((state) => state.current?.name ?? '')
  const [name, setName] = useState(current)
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog" aria-describedby={undefined}>
          <Dialog.Title className="dialog-title">{t('shell.playground.renameTitle')}</Dialog.Title>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              void renamePlayground(name)
              onClose()
            }}
          >
            <input
              className="input"
              aria-label={t('shell.playground.name')}
              value={name}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
            <div className="row end">
              <button type="button" className="btn" onClick={onClose}>
                {t('shell.cancel')}
              </button>
              <button type="submit" className="btn ink" disabled={name.trim() === ''}>
                {t('shell.playground.renameDo')}
              </button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function ConfirmDialog({ question, onClose }: { question: 'reset' | 'delete'; onClose: () => void }) {
  const { t } = useTranslation()
  const name = usePlaygrounds((state) => state.current?.name ?? '')
  return (
    <AlertDialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="pop dialog">
          <AlertDialog.Title className="dialog-title">
            {t(`shell.confirm.${question}.title`, { name })}
          </AlertDialog.Title>
          <AlertDialog.Description className="dim dialog-text">
            {t(`shell.confirm.${question}.text`)}
          </AlertDialog.Description>
          <div className="row end">
            <AlertDialog.Cancel className="btn">{t('shell.cancel')}</AlertDialog.Cancel>
            <AlertDialog.Action
              className="btn danger"
              onClick={() => void (question === 'reset' ? resetPlayground() : deletePlayground())}
            >
              {t(`shell.confirm.${question}.do`)}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
