import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const track = (name: string, version: string, replicas: number, annotations = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: { app: web, track: ${name} }
  template:
    metadata:
      labels: { app: web, track: ${name} }
${annotations}    spec:
      containers:
        - name: web
          image: shop/web:${version}
          ports:
            - { name: http, containerPort: 8080 }
          readinessProbe:
            httpGet: { path: /, port: http }
          resources:
            requests: { cpu: 100m, memory: 64Mi }
`

const service = `---
# Selects both: who is asked is decided by how many there are of each.
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: { app: web }
  ports:
    - { port: 80, targetPort: http }
---
# Somebody who asks all the time.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: visitor
spec:
  replicas: 1
  selector:
    matchLabels: { app: visitor }
  template:
    metadata:
      labels: { app: visitor }
    spec:
      containers:
        - name: visitor
          image: busybox:1.37
          command: [sh, -c, 'while sleep 1; do wget -q -O /dev/null http://web/ || echo failed; done']
          resources:
            requests: { cpu: 50m, memory: 32Mi }
`

const failing = `      annotations:
        # One request in three fails.
        kubecosm.dev/errorRate: 33%
`

export const canary: Example = {
  id: 'canary',
  subject: 'rollouts',
  title: { en: 'A canary among the pods', zh: 'Pod 里的金丝雀' },
  lesson: {
    en: 'Four pods of the stable version answer behind one Service, and a visitor asks once a second. Apply canary.yaml: a single pod of the new version joins, because the Service selects app=web and not the track. It gets about every fifth request and answers a third of those with 500, so the visitor’s log says “failed” now and then. Delete the canary, or mend it (take its error rate away) and scale it up while you scale stable down.',
    zh: '稳定版本的四个 Pod 在同一个 Service 后面应答，一个访客每秒请求一次。应用 canary.yaml：新版本的一个 Pod 加入进来，因为 Service 选择的是 app=web，不管 track。它大约得到五分之一的请求，其中三分之一以 500 应答，所以访客的日志里偶尔会出现 failed。删掉金丝雀，或者修好它（去掉错误率），一边扩大它一边缩小 stable。',
  },
  files: [
    { name: 'stable.yaml', text: track('stable', '1.8.0', 4) + service },
    { name: 'canary.yaml', text: track('canary', '1.9.0', 1, failing) },
  ],
  applied: ['stable.yaml'],
  shape: clusterOf('canary', ['zone-a', 'zone-b'], 3, '2', '4Gi'),
}
