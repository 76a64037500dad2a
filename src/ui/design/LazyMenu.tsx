import { lazy, Suspense, useMemo, useState, type ComponentType, type ReactNode } from 'react'

/** What a menu that is fetched when it is wanted is given: its button's looks, and whether it is open. */
export interface MenuProps {
  readonly className: string
  readonly label: string
  readonly isOpen: boolean
  setOpen(isOpen: boolean): void
  readonly children: ReactNode
}

interface LazyMenuProps<More> {
  readonly className: string
  readonly label: string
  /** Brings the menu's code; has to be the same function each time. */
  load(): Promise<{ default: ComponentType<MenuProps & More> }>
  /** What this menu needs beside. */
  readonly more: More
  readonly children: ReactNode
}

/** A button whose menu's code comes when somebody is about to open it. It stays the same element until it is pressed. */
export function LazyMenu<More extends object>({ className, label, load, more, children }: LazyMenuProps<More>) {
  const [isOpen, setOpen] = useState<boolean | null>(null)
  const Menu = useMemo(() => lazy(load) as unknown as ComponentType<MenuProps & More>, [load])
  const button = (
    <button
      type="button"
      className={className}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={isOpen ?? false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setOpen(true)}
    >
      {children}
    </button>
  )
  if (isOpen === null) return button
  return (
    <Suspense fallback={button}>
      <Menu {...more} className={className} label={label} isOpen={isOpen} setOpen={setOpen}>
        {children}
      </Menu>
    </Suspense>
  )
}
