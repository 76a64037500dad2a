import { parse as load } from 'yaml'
import { httpExtras } from '../../src/node/http-extras.ts'
import { createCluster } from '../../src/sim/cluster.ts'
import { milliValue, wholeValue } from '../../src/machinery/quantity.ts'
import { administrator } from '../../src/sim/apiserver/authentication.ts'
import { programs, recordedImages } from './recorded-images.ts'
import { adminToken, type Change, type ClusterOptions, type ConformanceCluster } from './cluster.ts'
import { Upgrades } from '../../src/node/streaming/upgrades.ts'
import { handleRequest } from '../../src/sim/apiserver/http.ts'

/** A fresh simulated cluster behind the runner's interface. */
export function openSimulatedCluster(options: ClusterOptions): ConformanceCluster {
  const cluster = createCluster({
    nodeLifecycle: { monitorPeriodMs: options.nodeMonitorPeriod ?? 5_000, monitorGraceMs: options.nodeMonitorGracePeriod ?? 50_000 },
    autoscalerSyncMs: options.hpaSyncPeriod ?? 15_000,
    defaultStorageClass: false,
    loadBalancers: false,
    controllerManager: options.controllerManager ?? true,
    tokens: [
      { token: adminToken, user: administrator },
      { token: 'devtoken', user: { name: 'dev', groups: ['developers'] } },
    ],
    machines: options.machines.map(({ name, cpu, memory, labels = {}, images, registry }) => ({
      name,
      zone: '',
      milliCPU: milliValue(cpu),
      memoryBytes: wholeValue(memory),
      diskBytes: 100 * 2 ** 30,
      maxPods: 110,
      labels,
      taints: [],
      cgroups: 1,
      podCIDR: false,
      nodeInfo: { osImage: 'Debian GNU/Linux 12 (bookworm)', containerRuntimeVersion: 'containerd://2.1.9+unknown' },
      ...(images && { images }),
      ...(registry && { registry }),
    })),
  }, { images: recordedImages, programs })
  const changes: Change[] = []
  const store = cluster.api.etcd
  const notify = store.onEvent
  store.onEvent = (resource, event) => {
    changes.push({ type: event.type, resource, object: event.object, at: cluster.clock.wall() })
    notify(resource, event)
  }
  return {
    handle(request) {
      const response: any = handleRequest(cluster.api, request as never, httpExtras)
      return { ...response, headers: response.headers ?? {}, body: typeof response.body === 'string' ? response.body : JSON.stringify(response.body ?? '') }
    },
    upgrades: new Upgrades({ cluster: () => cluster, sessions: () => cluster.sessions, hosts: ['127.0.0.1'] }),
    now: () => cluster.clock.wall(),
    runFor: (ms) => cluster.runFor(ms),
    changes: () => changes.splice(0),
    scores(key) {
      const record = cluster.scheduler.records.of(key)
      if (!record?.node) return undefined
      const scored = record.nodes.filter(({ total }) => total !== undefined)
      return Object.fromEntries(scored.map(({ node, scores = {}, total = 0 }) => [node, { total, plugins: { ...scores } }]))
    },
    staticPod(node, file, manifest) {
      cluster.machines.setManifest(node, file, manifest === undefined ? undefined : load(manifest))
    },
    kubeletProcess(node, state) {
      if (state === 'stop') cluster.machines.unplug(node)
      else cluster.machines.plug(node)
    },
  }
}
