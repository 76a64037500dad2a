import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const limits = `apiVersion: v1
kind: Namespace
metadata:
  name: team-a
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
  namespace: team-a
spec:
  hard:
    requests.cpu: "1"
    requests.memory: 1Gi
    pods: "10"
---
# What a container asks for when it does not say so itself.
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: team-a
spec:
  limits:
    - type: Container
      defaultRequest: { cpu: 100m, memory: 128Mi }
      max: { cpu: 500m, memory: 512Mi }
`

const workloads = `# Says nothing of its needs: the LimitRange says it.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: team-a
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
---
# Five times 250m is more than what is left of one CPU.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: team-a
spec:
  replicas: 5
  selector:
    matchLabels: { app: api }
  template:
    metadata:
      labels: { app: api }
    spec:
      containers:
        - name: api
          image: shop/api:3.1.0
          resources:
            requests: { cpu: 250m, memory: 128Mi }
`

export const quota: Example = {
  id: 'quota',
  subject: 'limits',
  title: { en: 'A namespace with a budget', zh: '有预算的命名空间' },
  lesson: {
    en: 'team-a may ask for one CPU in all. web says nothing of its needs, so the LimitRange gives each of its containers 100m. api wants five pods of 250m and gets two: the quota refuses the others before the scheduler ever sees them, so there is no Pending pod, only a ReplicaSet whose events say “exceeded quota”. Scale web down and see another api pod appear, or raise the quota.',
    zh: 'team-a 总共只能请求一个 CPU。web 没有写自己要多少，所以 LimitRange 给它的每个容器 100m。api 想要五个各 250m 的 Pod，只得到两个：其余的在调度器看到之前就被配额拒绝，所以没有 Pending 的 Pod，只有 ReplicaSet 的事件里写着 “exceeded quota”。把 web 缩小，就会多出一个 api 的 Pod；或者提高配额。',
  },
  files: [
    { name: 'team.yaml', text: limits },
    { name: 'workloads.yaml', text: workloads },
  ],
  applied: ['team.yaml', 'workloads.yaml'],
  shape: clusterOf('quota', ['zone-a', 'zone-b'], 2, '4', '8Gi'),
}
