import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { MenuProps } from '../design/LazyMenu.tsx'
import { MenuFrame } from '../design/MenuFrame.tsx'
import { removeFile } from '../state/files-store.ts'

/** What can be done with a file. */
export interface FileMenuProps {
  readonly name: string
  onRename(): void
}

export default function FileMenu({
  className,
  label,
  isOpen,
  setOpen,
  children,
  name,
  onRename,
}: MenuProps & FileMenuProps) {
  const { t } = useTranslation()
  return (
    <MenuFrame {...{ className, label, isOpen, setOpen }} button={children}>
      <DropdownMenu.Content
        className="pop menu"
        align="start"
        sideOffset={4}
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        <DropdownMenu.Item className="menu-item" onSelect={onRename}>
          {t('editor.rename')}
        </DropdownMenu.Item>
        <DropdownMenu.Item className="menu-item" onSelect={() => removeFile(name)}>
          {t('editor.remove')}
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </MenuFrame>
  )
}
