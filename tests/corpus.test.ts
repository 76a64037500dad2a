import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { applyManifests } from '../src/sim/apiserver/apply-manifests.ts'
import { testCluster } from '../src/sim/testing/scenario.ts'

// Reads ../shared/corpus, manifests of real projects that are not part of this one; skipped where it is absent.
const corpus = process.env.KUBECOSM_CORPUS ?? fileURLToPath(new URL('../../shared/corpus/', import.meta.url))
const admin = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

function fileOf(id: string): string | undefined {
  if (!existsSync(`${corpus}/index.json`)) return undefined
  const index = JSON.parse(readFileSync(`${corpus}/index.json`, 'utf8'))
  const entries: { id: string; file: string }[] = Array.isArray(index) ? index : (index.files ?? index.items)
  const file = entries.find((entry) => entry.id === id)?.file
  return file && existsSync(`${corpus}/${file}`) ? `${corpus}/${file}` : undefined
}

/** Applies a text to three nodes of 4 CPUs and 8Gi and lets two minutes pass. */
function bringUp(text: string) {
  const cluster = testCluster(3)
  const pause = () => cluster.runFor(100)
  const results = applyManifests(cluster.api, text, { user: admin, fieldManager: 'corpus', pause })
  cluster.runFor(120_000)
  return { cluster, results }
}

describe('manifests of real projects come up as they are', () => {
  for (const id of ['o021', 'o023', 'o024', 'o025', 'o026', 'o027', 'o030', 'o031', 'o032']) {
    const file = fileOf(id)
    test.skipIf(!file)(`${id}: all is created, every pod runs, every Deployment is ready`, () => {
      const { cluster, results } = bringUp(readFileSync(file!, 'utf8'))
      expect(results.length).toBeGreaterThan(0)
      expect(results.filter(({ result }) => result !== 'created')).toEqual([])
      const pods = cluster.api.list('pods')
      // What a Job runs ends; everything else runs on.
      const wanted = (pod: (typeof pods)[number]) =>
        pod.metadata.ownerReferences?.[0]?.kind === 'Job' ? ['Running', 'Succeeded'] : ['Running']
      const others = pods.filter((pod) => !wanted(pod).includes(pod.status.phase))
      expect(others.map((pod) => [pod.metadata.name, pod.status.phase])).toEqual([])
      for (const { metadata, spec, status } of cluster.api.list('deployments.apps')) {
        expect([metadata.name, status.readyReplicas ?? 0]).toEqual([metadata.name, spec.replicas])
      }
    })
  }

  test.skipIf(!fileOf('o021'))('o021: twelve Deployments, the load generator with its init container', () => {
    const { cluster } = bringUp(readFileSync(fileOf('o021')!, 'utf8'))
    expect(cluster.api.list('deployments.apps')).toHaveLength(12)
    const load = cluster.api.list('pods').find(({ metadata }) => metadata.name.startsWith('loadgenerator-'))
    expect(load?.status.initContainerStatuses[0].state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' })
  })
})
