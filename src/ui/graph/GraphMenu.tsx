import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { Action } from '../../bridge/protocol.ts'
import { splitKey } from '../../machinery/objects.ts'
import { Icon, type IconName } from '../design/Icon.tsx'
import { useMachine, useObject } from '../state/cluster-store.ts'
import { notify } from '../state/notices.ts'
import { act } from '../state/session.ts'

/** What a menu was asked for, and where it opens. */
export interface MenuTarget {
  readonly resource: string
  readonly key: string
  readonly x: number
  readonly y: number
  /** Gets the focus back. */
  readonly origin: HTMLElement | null
}

/** The menu of a node, a pod or another object. One for the whole graph, opened where it is asked for. */
export function GraphMenu({ target, onClose }: { target: MenuTarget | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  if (!target) return null
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span className="menu-anchor" style={{ left: target.x, top: target.y }} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="pop graph-menu"
          align="start"
          sideOffset={2}
          collisionPadding={8}
          aria-label={t('graph.menuOf', { name: splitKey(target.key).name })}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            target.origin?.focus()
          }}
        >
          {target.resource === 'nodes' ? (
            <NodeItems name={target.key} />
          ) : (
            <ObjectItems resource={target.resource} name={target.key} />
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function NodeItems({ name }: { name: string }) {
  const { t } = useTranslation()
  const machine = useMachine(name)
  const cordoned = useObject('nodes', name)?.spec?.unschedulable === true
  return (
    <>
      {machine && (
        <>
          <Item
            icon="ui-unplug"
            text={machine.plugged ? t('graph.menu.unplug') : t('graph.menu.plug')}
            action={{ type: 'machine', name, change: machine.plugged ? 'unplug' : 'plug' }}
          />
          <Item
            icon="ui-power"
            text={machine.powered ? t('graph.menu.powerOff') : t('graph.menu.powerOn')}
            action={{ type: 'machine', name, change: machine.powered ? 'powerOff' : 'powerOn' }}
          />
        </>
      )}
      <Item
        icon="ui-cordon"
        text={cordoned ? t('graph.menu.uncordon') : t('graph.menu.cordon')}
        action={{ type: 'cordon', name, cordon: !cordoned }}
      />
      <DropdownMenu.Separator className="separator" />
      <Item
        icon="ui-x"
        text={t('graph.menu.deleteNode')}
        isDanger
        action={machine ? { type: 'machine', name, change: 'remove' } : { type: 'delete', resource: 'nodes', name }}
      />
    </>
  )
}

function ObjectItems({ resource, name: key }: { resource: string; name: string }) {
  const { t } = useTranslation()
  const { namespace, name } = splitKey(key)
  return (
    <Item icon="ui-x" text={t('graph.menu.delete')} isDanger action={{ type: 'delete', resource, namespace, name }} />
  )
}

function Item({ icon, text, action, isDanger }: { icon: IconName; text: string; action: Action; isDanger?: boolean }) {
  const run = () => {
    void act(action).then((result) => {
      if (!result.ok) notify('error', result.message ?? '')
    })
  }
  return (
    <DropdownMenu.Item className={isDanger ? 'item danger' : 'item'} onSelect={run}>
      <Icon name={icon} size={15} />
      {text}
    </DropdownMenu.Item>
  )
}
