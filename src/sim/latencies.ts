/**
 * How long each hop takes, in virtual milliseconds: one table, so that people can see every hop and a test can
 * change any of them. Orders of magnitude are those of a small healthy cluster on a local network.
 */
export const latencies = {
  /** From a write in the store until a component's watch has it. */
  watch: 2,
  /** From a key in a workqueue until its reconcile runs. */
  reconcile: 1,
  /** One scheduling cycle. */
  schedule: 1,
  /** Binding a pod, asynchronously to the cycle. */
  bind: 1,
  /** Creating a pod's sandbox: namespaces, network plugin. */
  sandbox: 350,
  /** Creating and starting one container whose image is there. */
  startContainer: 120,
  /** Removing a pod's sandbox after its containers ended. */
  teardown: 150,
  /** A container that ends on TERM takes this long to do so. */
  stopContainer: 60,
  /** Provisioning a dynamic volume. */
  provisionVolume: 900,
  /** Attaching and mounting a volume on a node. */
  mountVolume: 400,
  /** Setting up or taking down a load balancer. */
  loadBalancer: 3000,
  /** A packet's way from one node to another. */
  network: 1,
  /** A machine's boot, from power to a running kubelet. */
  boot: 8000,
} as const

export type Latencies = { readonly [K in keyof typeof latencies]: number }
