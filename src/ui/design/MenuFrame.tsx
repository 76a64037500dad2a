import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import type { MenuProps } from './LazyMenu.tsx'

/** A menu's button and, when it is open, what is in it. */
export function MenuFrame({
  className,
  label,
  isOpen,
  setOpen,
  button,
  children,
}: Omit<MenuProps, 'children'> & { readonly button: ReactNode; readonly children: ReactNode }) {
  return (
    <DropdownMenu.Root open={isOpen} onOpenChange={setOpen}>
      <DropdownMenu.Trigger className={className} aria-label={label}>
        {button}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>{children}</DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
