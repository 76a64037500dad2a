import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { Action } from '../../bridge/protocol.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { KubeObject } from '../../machinery/objects.ts'
import { Icon } from '../design/Icon.tsx'
import { Item } from '../graph/menus/Item.tsx'
import { NodeItems } from '../graph/menus/MachineItems.tsx'
import { PodItems } from '../graph/menus/PodItems.tsx'
import { clusterStore } from '../state/cluster-store.ts'
import type { Selection } from '../state/page-store.ts'

/** What can be done to the object that is shown: the same as in the graph, and what only workloads know. */
export function HeaderMenu({ object, selection }: { object: KubeObject; selection: Selection }) {
  const { t } = useTranslation()
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          className="btn icon close"
          aria-label={t('inspect.menuOf', { name: object.metadata.name })}
        >
          <Icon name="ui-more" size={14} />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="pop graph-menu" align="end" sideOffset={4} collisionPadding={8}>
          {selection.resource === 'nodes' ? (
            <NodeItems name={selection.key} />
          ) : selection.resource === 'pods' ? (
            <PodItems name={selection.key} />
          ) : (
            <ObjectItems object={object} resource={selection.resource} />
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const rolling = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])
const scalable = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'])

function ObjectItems({ object, resource }: { object: KubeObject; resource: string }) {
  const { t } = useTranslation()
  const { kind, spec } = object
  const { name, namespace } = object.metadata
  const replicas: number = spec?.replicas ?? 1
  const scale = (to: number): Action => ({ type: 'scale', resource, namespace: namespace ?? '', name, replicas: to })
  return (
    <>
      {scalable.has(kind) && (
        <>
          <Item icon="ui-plus" text={t('inspect.scaleTo', { count: replicas + 1 })} actions={[scale(replicas + 1)]} />
          {replicas > 0 && (
            <Item
              icon="ui-minus"
              text={t('inspect.scaleTo', { count: replicas - 1 })}
              actions={[scale(replicas - 1)]}
            />
          )}
        </>
      )}
      {rolling.has(kind) && (
        <Item icon="ui-undo" text={t('inspect.restart')} actions={[{ type: 'replace', object: restarted(object) }]} />
      )}
      {typeof spec?.suspend === 'boolean' && (
        <Item
          icon={spec.suspend ? 'ui-play' : 'ui-pause'}
          text={t(spec.suspend ? 'inspect.resume' : 'inspect.suspend')}
          actions={[{ type: 'replace', object: { ...object, spec: { ...spec, suspend: !spec.suspend } } }]}
        />
      )}
      <Item
        icon="ui-x"
        text={t('graph.menu.delete')}
        isDanger
        actions={[{ type: 'delete', resource, name, ...(namespace && { namespace }) }]}
      />
    </>
  )
}

/** As kubectl rollout restart does it. */
function restarted(object: KubeObject): KubeObject {
  const { clock } = clusterStore.getState()
  const { template } = object.spec
  const annotations = {
    ...template.metadata?.annotations,
    'kubectl.kubernetes.io/restartedAt': rfc3339(clock.epoch + clock.now),
  }
  const metadata = { ...template.metadata, annotations }
  return { ...object, spec: { ...object.spec, template: { ...template, metadata } } }
}
