import { canary } from './canary.ts'
import { callingServices } from './calling-services.ts'
import type { Example } from './example.ts'
import { heldDrain } from './held-drain.ts'
import { initAndSidecar } from './init-and-sidecar.ts'
import { jobsAndLoad } from './jobs-and-load.ts'
import { noRoom } from './no-room.ts'
import { nodeFailure } from './node-failure.ts'
import { outOfMemory } from './out-of-memory.ts'
import { quota } from './quota.ts'
import { silentService } from './silent-service.ts'
import { slowStart } from './slow-start.ts'
import { statefulStore } from './stateful-store.ts'
import { stuckRollout } from './stuck-rollout.ts'
import { taintsAndZones } from './taints-and-zones.ts'
import { twoBackends } from './two-backends.ts'
import { webShop } from './web-shop.ts'

/** All examples, in the order of the gallery. */
export const examples: readonly Example[] = [
  webShop,
  nodeFailure,
  stuckRollout,
  noRoom,
  silentService,
  initAndSidecar,
  twoBackends,
  statefulStore,
  jobsAndLoad,
  callingServices,
  canary,
  slowStart,
  outOfMemory,
  taintsAndZones,
  quota,
  heldDrain,
]
