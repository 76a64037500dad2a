import { clusterStore, useCluster, type ClusterState } from '../state/cluster-store.ts'
import { useLens } from './lens-store.ts'
import { useGraphView } from './view-store.ts'

/** With more nodes than this, far away they are painted on one canvas. */
const mostCards = 60
/** From this enlargement of texts on, which is below 60 % zoom. */
const farFrom = 2

function isLarge({ machineNames, resources }: ClusterState): boolean {
  return Math.max(machineNames.length, resources.nodes?.keys.length ?? 0) > mostCards
}

/** Is the cluster so large, and so far away, that its nodes are one picture instead of elements? */
export function useIsFar(): boolean {
  const isSmall = useGraphView((state) => state.textScale >= farFrom)
  const isNodes = useLens((state) => state.lens === 'nodes')
  return useCluster(isLarge) && isSmall && isNodes
}

/** The same at this moment. */
export function isFarNow(): boolean {
  const { textScale } = useGraphView.getState()
  return textScale >= farFrom && useLens.getState().lens === 'nodes' && isLarge(clusterStore.getState())
}
