import type { RecordedMachine } from './cluster.ts'

const images = {
  'docker.io/library/busybox:1.36': 1_056_736,
  'docker.io/library/busybox:1.37': 1_056_736,
  'docker.io/library/nginx:1.27': 1_057_736,
  'docker.io/library/nginx:1.28': 1_057_736,
  'docker.io/library/crash:1': 1_057_000,
  'docker.io/library/app:1': 1_057_100,
  'registry.k8s.io/pause:3.10': 1_056_900,
}

/** The node that the cases of open/kubelet were recorded on, and the registry that it pulled from. */
export const recordedMachine: RecordedMachine = {
  name: 'node-1',
  cpu: '2',
  memory: '23Gi',
  labels: { disktype: 'ssd' },
  images,
  registry: {
    images: Object.fromEntries(Object.entries(images).filter(([name]) => !name.includes('/pause:')).map(([name, sizeBytes]) => [name, { sizeBytes, content: name.replace(/:[^:]*$/, '') }])),
    unreachable: { 'registry.unreachable.example': '<ip>' },
  },
}
