import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { splitKey } from '../../../machinery/objects.ts'
import type { IconName } from '../../design/Icon.tsx'
import { useObject } from '../../state/cluster-store.ts'
import { openShell } from '../../terminal/terminal-store.ts'
import { Item } from './Item.tsx'

const blows: readonly ['crash' | 'kill' | 'oom' | 'hang' | 'resume', IconName][] = [
  ['crash', 's-crash'],
  ['kill', 's-error'],
  ['oom', 's-oom'],
  ['hang', 'ui-pause'],
  ['resume', 'ui-play'],
]

/** What can be done to a pod: to its containers while they run, and to itself. */
export function PodItems({ name: key }: { name: string }) {
  const { t } = useTranslation()
  const pod = useObject('pods', key)
  const { namespace = '', name } = splitKey(key)
  const runs = pod?.status?.containerStatuses?.some((container: any) => container.state?.running) === true
  return (
    <>
      {runs && (
        <>
          <Item icon="ui-term" text={t('graph.menu.pod.shell')} onSelect={() => openShell(namespace, name)} />
          <DropdownMenu.Separator className="separator" />
          {blows.map(([what, icon]) => (
            <Item
              key={what}
              icon={icon}
              text={t(`graph.menu.pod.${what}`)}
              actions={[{ type: 'fault', fault: { on: 'pod', namespace, name, what } }]}
            />
          ))}
          <DropdownMenu.Separator className="separator" />
        </>
      )}
      {pod?.spec?.nodeName && (
        <Item icon="s-evicted" text={t('graph.menu.pod.evict')} actions={[{ type: 'evict', namespace, name }]} />
      )}
      <Item
        icon="ui-x"
        text={t('graph.menu.delete')}
        isDanger
        actions={[{ type: 'delete', resource: 'pods', namespace, name }]}
      />
    </>
  )
}
