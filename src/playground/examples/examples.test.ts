import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { examples } from './examples.ts'

const kindsNow = new Set(
  'Namespace Node Pod ReplicaSet Deployment Service EndpointSlice ConfigMap Secret ServiceAccount PersistentVolume PersistentVolumeClaim StorageClass Ingress StatefulSet DaemonSet Job CronJob HorizontalPodAutoscaler PodDisruptionBudget ResourceQuota LimitRange'.split(
    ' ',
  ),
)

test('ids are distinct', () => {
  expect(new Set(examples.map((example) => example.id)).size).toBe(examples.length)
})

test.each(examples.map((example) => [example.id, example] as const))(
  '%s: every document reads, and is of a kind that something acts on',
  (_, example) => {
    for (const file of example.files) {
      for (const document of parseAllDocuments(file.text)) {
        expect('errors' in document ? document.errors : []).toEqual([])
        const { apiVersion, kind, metadata } = document.toJSON()
        expect(kindsNow.has(kind), `${file.name}: ${apiVersion} ${kind}`).toBe(true)
        expect(metadata.name).toMatch(/^[a-z0-9-]+$/)
      }
    }
  },
)

test.each(examples.map((example) => [example.id, example] as const))(
  '%s: what it applies is among its files, its machines have zones, its lesson is told twice',
  (_, example) => {
    const names = example.files.map((file) => file.name)
    expect(names).toEqual(expect.arrayContaining([...example.applied]))
    expect(example.shape.machines.every((machine) => machine.zone && machine.cpu && machine.memory)).toBe(true)
    expect(Math.min(example.lesson.en.length, example.lesson.zh.length)).toBeGreaterThan(60)
  },
)
