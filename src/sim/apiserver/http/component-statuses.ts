import type { Kind } from '../../../kinds/kind.ts'
import { notFound } from '../../../machinery/errors.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import type { Page } from './list.ts'
import type { ListOptions } from './list-options.ts'

const names = ['controller-manager', 'etcd-0', 'scheduler']

/** Is this the kind whose objects nobody stores: how the control plane's own parts are? */
export function isComponentStatus({ group, plural }: Kind): boolean {
  return group === '' && plural === 'componentstatuses'
}

/** The parts of this control plane, which are there as long as it runs. Upstream: registry/core/componentstatus. */
export function componentStatuses({ matches }: Pick<ListOptions, 'matches'>): Page {
  const objects = names.map((name) => statusOf(name))
  return { objects: matches ? objects.filter(matches) : objects, metadata: {} }
}

/** One of them; 404 for any other name. */
export function componentStatus(name: string): KubeObject {
  if (!names.includes(name)) throw notFound({ group: '', name: 'componentstatuses' }, name)
  return statusOf(name)
}

function statusOf(name: string): KubeObject {
  const conditions = [{ type: 'Healthy', status: 'True', message: 'ok' }]
  return { kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name }, conditions } as unknown as KubeObject
}
