import { DropdownMenu } from 'radix-ui'
import { Icon } from '../design/Icon.tsx'
import type { MenuProps } from '../design/LazyMenu.tsx'
import { MenuFrame } from '../design/MenuFrame.tsx'
import { useCluster } from '../state/cluster-store.ts'
import { setSpeed } from '../state/playgrounds.ts'

const speeds = [0.1, 0.5, 1, 2, 5, 10, 50, 100, 1000]

/** How fast time goes. */
export default function SpeedMenu({ className, label, isOpen, setOpen, children }: MenuProps) {
  const speed = useCluster((state) => state.clock.speed)
  return (
    <MenuFrame {...{ className, label, isOpen, setOpen }} button={children}>
      <DropdownMenu.Content className="pop menu" align="center" sideOffset={6}>
        <DropdownMenu.RadioGroup value={String(speed)} onValueChange={(value) => setSpeed(Number(value))}>
          {speeds.map((each) => (
            <DropdownMenu.RadioItem key={each} className="menu-item" value={String(each)}>
              <span className="menu-check">
                <DropdownMenu.ItemIndicator>
                  <Icon name="ui-check" size={13} />
                </DropdownMenu.ItemIndicator>
              </span>
              {each}×
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      </DropdownMenu.Content>
    </MenuFrame>
  )
}
