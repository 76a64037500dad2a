import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { splitKey } from '../../../machinery/objects.ts'
import { Item } from './Item.tsx'
import type { MenuTarget } from './menu-target.ts'
import { ClusterItems, NodeItems, PartItems, ZoneItems } from './MachineItems.tsx'
import { PodItems } from './PodItems.tsx'

/** The menu of a node, a pod, a zone, a part of the control plane or another object. One for the whole graph. */
export function GraphMenu({ target, onClose }: { target: MenuTarget; onClose: () => void }) {
  const { t } = useTranslation()
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
            // A dialog that the choice opened has the focus already.
            if (!document.querySelector('[role="dialog"]')) target.origin?.focus()
          }}
        >
          <Items target={target} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Items({ target: { resource, key } }: { target: MenuTarget }) {
  switch (resource) {
    case 'nodes':
      return <NodeItems name={key} />
    case 'zone':
      return <ZoneItems name={key} />
    case 'cluster':
      return <ClusterItems />
    case 'part':
      return <PartItems part={key === 'scheduler' ? 'scheduler' : 'controllerManager'} />
    case 'pods':
      return <PodItems name={key} />
    default:
      return <ObjectItems resource={resource} name={key} />
  }
}

function ObjectItems({ resource, name: key }: { resource: string; name: string }) {
  const { t } = useTranslation()
  const { namespace, name } = splitKey(key)
  return (
    <Item
      icon="ui-x"
      text={t('graph.menu.delete')}
      isDanger
      actions={[{ type: 'delete', resource, name, ...(namespace && { namespace }) }]}
    />
  )
}
