import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { Action, MachineState } from '../../../bridge/protocol.ts'
import type { IconName } from '../../design/Icon.tsx'
import { useCluster, useMachine, useObject } from '../../state/cluster-store.ts'
import { openMachineDialog } from '../machine-dialog-store.ts'
import { Item } from './Item.tsx'

type Fault = Extract<Extract<Action, { type: 'fault' }>['fault'], { on: 'node' }>['what']

const faults: readonly [what: Fault, icon: IconName][] = [
  ['crash', 's-crash'],
  ['fillDisk', 'ui-pressure'],
  ['fillMemory', 's-oom'],
  ['slowNetwork', 'ui-warn'],
]

/** What can be done to a machine and to its Node. */
export function NodeItems({ name }: { name: string }) {
  const { t } = useTranslation()
  const machine = useMachine(name)
  const node = useObject('nodes', name)
  const cordoned = node?.spec?.unschedulable === true
  return (
    <>
      {machine && <MachineItems machines={[machine]} />}
      {node && (
        <>
          <Item
            icon="ui-cordon"
            text={cordoned ? t('graph.menu.uncordon') : t('graph.menu.cordon')}
            actions={[{ type: 'cordon', name, cordon: !cordoned }]}
          />
          <Item icon="ui-drain" text={t('graph.menu.drain')} actions={[{ type: 'drain', name }]} />
        </>
      )}
      <DropdownMenu.Separator className="separator" />
      {machine && (
        <Item
          icon="ui-fit"
          text={t('graph.menu.resize')}
          onSelect={() => openMachineDialog({ mode: 'resize', name })}
        />
      )}
      <Item
        icon="ui-x"
        text={t('graph.menu.deleteNode')}
        isDanger
        actions={[machine ? { type: 'machine', name, change: 'remove' } : { type: 'delete', resource: 'nodes', name }]}
      />
    </>
  )
}

/** Cable, power and what else can break, for one machine or for all of a zone. */
function MachineItems({ machines }: { machines: readonly MachineState[] }) {
  const { t } = useTranslation()
  const isPlugged = machines.some((machine) => machine.plugged)
  const isPowered = machines.some((machine) => machine.powered)
  const change = (change: 'unplug' | 'plug' | 'powerOff' | 'powerOn', of: (machine: MachineState) => boolean) =>
    machines.filter(of).map(({ name }) => ({ type: 'machine', name, change }) as const)
  return (
    <>
      <Item
        icon="ui-unplug"
        text={isPlugged ? t('graph.menu.unplug') : t('graph.menu.plug')}
        actions={isPlugged ? change('unplug', (each) => each.plugged) : change('plug', (each) => !each.plugged)}
      />
      <Item
        icon="ui-power"
        text={isPowered ? t('graph.menu.powerOff') : t('graph.menu.powerOn')}
        actions={isPowered ? change('powerOff', (each) => each.powered) : change('powerOn', (each) => !each.powered)}
      />
      {faults.map(([what, icon]) => {
        // A crashed kernel starts again by itself.
        const isOver = what !== 'crash' && machines.some((machine) => machine.faults.includes(what))
        return (
          <Item
            key={what}
            icon={icon}
            text={isOver ? t(`graph.menu.${what}Over`) : t(`graph.menu.${what}`)}
            actions={machines.map(({ name }) => ({
              type: 'fault',
              fault: { on: 'node', name, what, ...(isOver && { isOver }) },
            }))}
          />
        )
      })}
      <DropdownMenu.Separator className="separator" />
    </>
  )
}

/** The same for all machines of a zone, and another one in it. */
export function ZoneItems({ name }: { name: string }) {
  const { t } = useTranslation()
  const machines = [...useCluster((state) => state.machines).values()].filter((machine) => machine.zone === name)
  const nodes = useCluster((state) => state.resources.nodes?.byKey)
  const names = machines.map((machine) => machine.name).filter((each) => nodes?.has(each))
  const isCordoned = names.length > 0 && names.every((each) => nodes?.get(each)?.spec?.unschedulable === true)
  return (
    <>
      <Item
        icon="ui-plus"
        text={t('graph.menu.addNode')}
        onSelect={() => openMachineDialog({ mode: 'add', zone: name })}
      />
      <DropdownMenu.Separator className="separator" />
      <MachineItems machines={machines} />
      <Item
        icon="ui-cordon"
        text={isCordoned ? t('graph.menu.uncordon') : t('graph.menu.cordon')}
        actions={names.map((each) => ({ type: 'cordon', name: each, cordon: !isCordoned }))}
      />
      <Item
        icon="ui-drain"
        text={t('graph.menu.drain')}
        actions={names.map((each) => ({ type: 'drain', name: each }))}
      />
      <DropdownMenu.Separator className="separator" />
      <Item
        icon="ui-x"
        text={t('graph.menu.deleteNodes', { count: machines.length })}
        isDanger
        actions={machines.map((machine) => ({ type: 'machine', name: machine.name, change: 'remove' }))}
      />
    </>
  )
}

/** What the cluster can be given. */
export function ClusterItems() {
  const { t } = useTranslation()
  return (
    <>
      <Item icon="node" text={t('graph.menu.addNode')} onSelect={() => openMachineDialog({ mode: 'add' })} />
      <Item icon="zone" text={t('graph.menu.addZone')} onSelect={() => openMachineDialog({ mode: 'addZone' })} />
    </>
  )
}

/** A part of the control plane can be ended, and started again. */
export function PartItems({ part }: { part: 'scheduler' | 'controllerManager' }) {
  const { t } = useTranslation()
  const isStopped = useCluster((state) => state.controlPlane?.stopped.includes(part) ?? false)
  return (
    <Item
      icon={isStopped ? 'ui-play' : 'ui-power'}
      text={isStopped ? t('graph.menu.startPart') : t('graph.menu.stopPart')}
      actions={[{ type: 'fault', fault: { on: 'controlPlane', part, ...(isStopped && { isOver: true }) } }]}
    />
  )
}
