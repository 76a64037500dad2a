import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const manifests = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: pg
spec:
  serviceName: pg
  replicas: 2
  selector:
    matchLabels: { app: pg }
  template:
    metadata:
      labels: { app: pg }
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - labelSelector:
                matchLabels: { app: pg }
              topologyKey: kubernetes.io/hostname
      containers:
        - name: postgres
          image: postgres:18
          env:
            - { name: POSTGRES_PASSWORD, value: example }
          ports:
            - { name: postgres, containerPort: 5432 }
          readinessProbe:
            tcpSocket: { port: postgres }
          resources:
            requests: { cpu: 250m, memory: 256Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: pg
spec:
  clusterIP: None
  selector: { app: pg }
  ports:
    - { name: postgres, port: 5432 }
---
# Both have to stay: nobody may evict one.
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: pg
spec:
  minAvailable: 2
  selector:
    matchLabels: { app: pg }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 4
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
            requests: { cpu: 100m, memory: 64Mi }
`

export const heldDrain: Example = {
  id: 'held-drain',
  subject: 'failures',
  title: { en: 'A drain that is held up', zh: '被拦住的排空' },
  lesson: {
    en: 'Drain a node that runs one of the pg pods, by its menu or with “kubectl drain” in the terminal. The web pods move, the pg pod stays: its PodDisruptionBudget wants two available and there are two, so it allows 0 disruptions. Unplug the node instead and nobody asks the budget: it holds off evictions, not failures. Lower minAvailable to 1, apply, and drain again.',
    zh: '排空一个运行着 pg Pod 的节点，用它的菜单，或在终端里执行 kubectl drain。web 的 Pod 会迁走，pg 的 Pod 留下：它的 PodDisruptionBudget 要求两个可用，而一共只有两个，所以允许的中断数是 0。换成拔掉网线，就没有谁会去问预算了：它只能拦住驱逐，拦不住故障。把 minAvailable 改成 1，应用，再排空一次。',
  },
  files: [{ name: 'pg.yaml', text: manifests }],
  applied: ['pg.yaml'],
  shape: clusterOf('drain', ['zone-a', 'zone-b', 'zone-c'], 3, '2', '4Gi'),
}
