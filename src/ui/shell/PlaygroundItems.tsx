import { DropdownMenu } from 'radix-ui'
import { Suspense, lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import type { MenuProps } from '../design/LazyMenu.tsx'
import { MenuFrame } from '../design/MenuFrame.tsx'
import { createPlayground, openPlayground, usePlaygrounds } from '../state/playgrounds.ts'
import type { PlaygroundQuestion } from './PlaygroundDialogs.tsx'
import { downloadCurrent, uploadPlayground } from './playground-file.ts'

const PlaygroundDialogs = lazy(() =>
  import('./PlaygroundDialogs.tsx').then((module) => ({ default: module.PlaygroundDialogs })),
)

/** All playgrounds, and what can be done with the open one. */
export default function PlaygroundItems({ className, label, isOpen, setOpen, children }: MenuProps) {
  const { t } = useTranslation()
  const current = usePlaygrounds((state) => state.current)
  const list = usePlaygrounds((state) => state.list)
  const [question, setQuestion] = useState<PlaygroundQuestion | null>(null)
  return (
    <>
      <MenuFrame {...{ className, label, isOpen, setOpen }} button={children}>
        <DropdownMenu.Content className="pop menu wide" align="start" sideOffset={6}>
          <DropdownMenu.Label className="menu-label">{t('shell.playground.all')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup
            className="menu-scroll"
            value={current?.id ?? ''}
            onValueChange={(id) => void openPlayground(id)}
          >
            {list.map((each) => (
              <DropdownMenu.RadioItem
                key={each.id}
                className="menu-item"
                value={each.id}
                disabled={each.id === current?.id}
              >
                <span className="menu-check">
                  <DropdownMenu.ItemIndicator>
                    <Icon name="ui-check" size={13} />
                  </DropdownMenu.ItemIndicator>
                </span>
                <span className="ell">{each.name}</span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="menu-line" />
          <Item icon="ui-plus" label={t('shell.playground.new')} onSelect={() => void createPlayground({})} />
          <Item icon="ui-file" label={t('shell.playground.rename')} onSelect={() => setQuestion('rename')} />
          <Item icon="ui-undo" label={t('shell.playground.reset')} onSelect={() => setQuestion('reset')} />
          <Item icon="ui-x" label={t('shell.playground.delete')} onSelect={() => setQuestion('delete')} />
          <DropdownMenu.Separator className="menu-line" />
          <Item icon="ui-share" label={t('shell.playground.download')} onSelect={() => void downloadCurrent()} />
          <Item icon="ui-layers" label={t('shell.playground.upload')} onSelect={uploadPlayground} />
        </DropdownMenu.Content>
      </MenuFrame>
      <Suspense>
        {question && <PlaygroundDialogs key={question} question={question} onClose={() => setQuestion(null)} />}
      </Suspense>
    </>
  )
}

function Item({
  icon,
  label,
  onSelect,
}: {
  icon: Parameters<typeof Icon>[0]['name']
  label: string
  onSelect: () => void
}) {
  return (
    <DropdownMenu.Item className="menu-item" onSelect={onSelect}>
      <span className="menu-check faint">
        <Icon name={icon} size={14} />
      </span>
      {label}
    </DropdownMenu.Item>
  )
}
