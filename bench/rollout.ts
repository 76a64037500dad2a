import type { Bench } from './benches.ts'
import { cpuSeconds } from './measure.ts'
import { deployed } from './peer-ours.ts'

const step = 1000
const longest = 3 * 3_600_000

/** A Deployment of 10,000 replicas on 1,000 nodes takes another image, a quarter at a time, until nothing of the old is left. */
export const rolloutBench: Bench = {
  name: 'rollout',
  run: () => {
    const replicas = 10_000
    const cluster = deployed(1000, replicas)
    const [deployment] = cluster.api.list('deployments.apps')
    const key = `${deployment!.metadata.namespace}/${deployment!.metadata.name}`
    const template = {
      spec: { containers: [{ name: deployment!.spec.template.spec.containers[0].name, image: 'nginx:1.28' }] },
    }
    const isComplete = () => {
      const { status, metadata } = cluster.api.get('deployments.apps', key)
      return (
        status.observedGeneration === metadata.generation &&
        status.updatedReplicas === replicas &&
        status.replicas === replicas &&
        status.availableReplicas === replicas &&
        // The old ones are really gone, not just on their way.
        cluster.api.list('pods').length === replicas
      )
    }
    const started = cluster.now()
    const seconds = cpuSeconds(() => {
      cluster.api.patch('deployments.apps', key, { type: 'strategic', patch: { spec: { template } } })
      do cluster.runFor(step)
      while (!isComplete() && cluster.now() - started < longest)
    })
    if (!isComplete()) throw new Error('the rollout did not end')
    const note = `${Math.round((cluster.now() - started) / 1000)} virtual seconds`
    return [{ name: 'rollout-10000-replicas-1000-nodes', unit: 'CPU s', value: Number(seconds.toPrecision(3)), note }]
  },
}
