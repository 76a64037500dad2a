import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const manifests = `# Fits: three times half a CPU.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: nginx
          image: nginx:1.29
          resources:
            requests: { cpu: 500m, memory: 256Mi }
---
# Never fits: no node has 8 CPUs, however empty it is.
apiVersion: v1
kind: Pod
metadata:
  name: giant
spec:
  containers:
    - name: train
      image: ml/train:1
      resources:
        requests: { cpu: "8", memory: 1Gi }
---
# Fits nowhere either: no node carries this label.
apiVersion: v1
kind: Pod
metadata:
  name: picky
spec:
  nodeSelector: { disk: nvme }
  containers:
    - name: cache
      image: redis:8
      resources:
        requests: { cpu: 100m, memory: 64Mi }
---
# Four replicas, one per node at most, on three nodes.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: spread
spec:
  replicas: 4
  selector:
    matchLabels: { app: spread }
  template:
    metadata:
      labels: { app: spread }
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - labelSelector:
                matchLabels: { app: spread }
              topologyKey: kubernetes.io/hostname
      containers:
        - name: agent
          image: shop/agent:1
          resources:
            requests: { cpu: 100m, memory: 64Mi }
`

export const noRoom: Example = {
  id: 'no-room',
  subject: 'scheduling',
  title: { en: 'Pods that do not fit', zh: '放不下的 Pod' },
  lesson: {
    en: 'Three pods stay Pending, each for another reason: too much CPU, a label that no node has, and an anti-affinity that wants a fourth node. Select each and read, node by node, which filter said no. Requests decide, not use: the nodes look idle.',
    zh: '有三个 Pod 一直是 Pending，原因各不相同：CPU 要得太多，没有节点带有所要的标签，以及反亲和性需要第四个节点。选中每一个，逐个节点地看是哪个过滤器拒绝了它。起决定作用的是请求量，不是使用量：节点看起来很空闲。',
  },
  files: [{ name: 'pods.yaml', text: manifests }],
  applied: ['pods.yaml'],
  shape: clusterOf('no-room', ['zone-a', 'zone-b', 'zone-c'], 3, '2', '4Gi'),
}
