import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const version = (tag: string, probePort: number, comment: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 4
  progressDeadlineSeconds: 120
  strategy:
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels: { app: api }
  template:
    metadata:
      labels: { app: api }
    spec:
      containers:
        - name: api
          image: shop/api:${tag}
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet: { path: /healthz, port: ${probePort} }${comment}
            periodSeconds: 5
          resources:
            requests: { cpu: 250m, memory: 128Mi }
`

const service = `---
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  selector: { app: api }
  ports:
    - port: 80
      targetPort: 8080
`

export const stuckRollout: Example = {
  id: 'stuck-rollout',
  subject: 'rollouts',
  title: { en: 'A rolling update that gets stuck', zh: '卡住的滚动更新' },
  lesson: {
    en: 'Version 1 runs. Open version-2.yaml and apply it: its readiness probe asks a port where nobody listens, so the new pod never becomes ready, and because maxUnavailable is 0 no old pod may go. The Service keeps answering with version 1; after 120 seconds the Deployment reports ProgressDeadlineExceeded. Correct the port to 8080, apply, and see it roll.',
    zh: '版本 1 正在运行。打开 version-2.yaml 并应用：它的就绪探针访问一个没有人监听的端口，新 Pod 永远不会就绪；又因为 maxUnavailable 为 0，旧 Pod 都不能离开。Service 继续由版本 1 应答；120 秒后 Deployment 报告 ProgressDeadlineExceeded。把端口改为 8080 再应用，看它滚动起来。',
  },
  files: [
    { name: 'version-1.yaml', text: version('1.0.0', 8080, '') + service },
    { name: 'version-2.yaml', text: version('2.0.0', 8081, ' # nobody listens here') },
  ],
  applied: ['version-1.yaml'],
  shape: clusterOf('rollout', ['zone-a', 'zone-b'], 3, '2', '4Gi'),
}
