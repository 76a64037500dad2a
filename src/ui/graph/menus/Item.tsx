import { DropdownMenu } from 'radix-ui'
import type { Action } from '../../../bridge/protocol.ts'
import { Icon, type IconName } from '../../design/Icon.tsx'
import { notify } from '../../state/notices.ts'
import { act } from '../../state/session.ts'

/** Does things one after the other; the first that is refused says why, and the rest is done all the same. */
export async function actAll(actions: readonly Action[]): Promise<void> {
  let said = false
  for (const action of actions) {
    const result = await act(action)
    if (result.ok || said) continue
    said = true
    notify('error', result.message ?? '')
  }
}

interface ItemProps {
  readonly icon: IconName
  readonly text: string
  readonly actions?: readonly Action[]
  /** Instead of actions. */
  readonly onSelect?: () => void
  readonly isDanger?: boolean
}

/** One line of a menu: what it does to the cluster, or what it opens. */
export function Item({ icon, text, actions = [], onSelect, isDanger }: ItemProps) {
  return (
    <DropdownMenu.Item
      className={isDanger ? 'item danger' : 'item'}
      disabled={!onSelect && actions.length === 0}
      onSelect={onSelect ?? (() => void actAll(actions))}
    >
      <Icon name={icon} size={15} />
      {text}
    </DropdownMenu.Item>
  )
}
