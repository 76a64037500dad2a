import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const manifests = `apiVersion: apps/v1
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
      containers:
        - name: nginx
          image: nginx:1.29
          ports:
            - containerPort: 80
          resources:
            requests: { cpu: 200m, memory: 128Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: { app: web }
  ports:
    - port: 80
---
# One pod, one claim: it can only live where its volume can go.
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: orders
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests: { storage: 5Gi }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector:
    matchLabels: { app: orders }
  template:
    metadata:
      labels: { app: orders }
    spec:
      # Five minutes is the default; an order book should not wait that long.
      tolerations:
        - key: node.kubernetes.io/unreachable
          operator: Exists
          effect: NoExecute
          tolerationSeconds: 60
        - key: node.kubernetes.io/not-ready
          operator: Exists
          effect: NoExecute
          tolerationSeconds: 60
      containers:
        - name: redis
          image: redis:8
          ports:
            - containerPort: 6379
          volumeMounts:
            - { name: data, mountPath: /data }
          resources:
            requests: { cpu: 100m, memory: 256Mi }
      volumes:
        - name: data
          persistentVolumeClaim: { claimName: orders }
`

export const nodeFailure: Example = {
  id: 'node-failure',
  subject: 'failures',
  title: { en: 'A node goes silent', zh: '一个节点失联' },
  lesson: {
    en: 'Drag a node that runs a web pod out of the frame: its cable is unplugged. Nothing happens for some 40 seconds, until its Lease has run out; then Ready becomes Unknown, the Service drops its endpoints, and after the toleration (five minutes for web, one for orders) its pods are replaced elsewhere. Skip ahead instead of waiting. Then drag the node back.',
    zh: '把一个运行 web Pod 的节点拖出边框：它的网线被拔掉。大约 40 秒内什么都不会发生，直到它的 Lease 过期；然后 Ready 变为 Unknown，Service 去掉它的端点，容忍时间（web 五分钟，orders 一分钟）过后，它的 Pod 在别处被替换。不必等待，可以跳过时间。最后把节点拖回来。',
  },
  files: [{ name: 'manifests.yaml', text: manifests }],
  applied: ['manifests.yaml'],
  shape: clusterOf('failover', ['zone-a', 'zone-b', 'zone-c'], 3, '2', '4Gi'),
}
