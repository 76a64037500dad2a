import { crdResource, type CustomResourceDefinition } from '../../../kinds/customresourcedefinition/types.ts'
import type { ApiServer } from '../server.ts'
import { customKindsOf, type CustomKinds } from './custom-kinds.ts'

/** Serves what the stored definitions say: called when one of them changed, and when a store was restored. */
export function refreshCustomKinds({ etcd, kinds }: Pick<ApiServer, 'etcd' | 'kinds'>): void {
  const all: CustomKinds[] = []
  // In the order of their names, which does not depend on how the store came about.
  for (const key of etcd.keys(crdResource)) {
    const added = customKindsOf(etcd.get(crdResource, key) as CustomResourceDefinition)
    if (added) all.push(added)
  }
  kinds.setCustom(all)
}
