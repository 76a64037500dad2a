import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const manifests = `# Spread evenly over the zones: they may differ by one pod at most.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 6
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: DoNotSchedule
          labelSelector:
            matchLabels: { app: web }
      containers:
        - name: nginx
          image: nginx:1.29
          resources:
            requests: { cpu: 100m, memory: 64Mi }
---
# Tolerates the taint of the GPU node, and asks for its label: it goes there and nowhere else.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ranker
spec:
  replicas: 2
  selector:
    matchLabels: { app: ranker }
  template:
    metadata:
      labels: { app: ranker }
    spec:
      tolerations:
        - { key: dedicated, operator: Equal, value: gpu, effect: NoSchedule }
      nodeSelector: { accelerator: gpu }
      containers:
        - name: ranker
          image: ml/ranker:5
          resources:
            requests: { cpu: 500m, memory: 512Mi }
---
# Asks for the label without tolerating the taint: it waits.
apiVersion: v1
kind: Pod
metadata:
  name: embed
spec:
  nodeSelector: { accelerator: gpu }
  containers:
    - name: embed
      image: ml/embed:2
      resources:
        requests: { cpu: 500m, memory: 512Mi }
`

const shape = clusterOf('placement', ['zone-a', 'zone-b', 'zone-c'], 3, '2', '4Gi')

export const taintsAndZones: Example = {
  id: 'taints-and-zones',
  subject: 'scheduling',
  title: { en: 'Taints, labels and zones', zh: '污点、标签与可用区' },
  lesson: {
    en: 'Three things decide where a pod may go. web spreads over the zones by a topology spread constraint; the GPU node takes part in zone-c, but its taint keeps web away. ranker tolerates the taint and asks for the label, so it lands there. embed asks for the label alone and stays Pending: a toleration lets a pod in, a selector leads it there, and it needs both. Add the toleration, or take the taint from the node.',
    zh: '决定 Pod 去哪里的有三样东西。web 按拓扑分布约束均匀分布在各可用区；GPU 节点在 zone-c，但它的污点把 web 挡在外面。ranker 容忍这个污点，也要求这个标签，所以落在那里。embed 只要求标签，于是一直 Pending：容忍让 Pod 可以进来，选择器带它过去，两样都要有。给它加上容忍，或者去掉节点的污点。',
  },
  files: [{ name: 'placement.yaml', text: manifests }],
  applied: ['placement.yaml'],
  shape: {
    ...shape,
    machines: [
      ...shape.machines,
      {
        name: 'gpu-1',
        zone: 'zone-c',
        cpu: '4',
        memory: '16Gi',
        labels: { accelerator: 'gpu' },
        taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }],
      },
    ],
  },
}
