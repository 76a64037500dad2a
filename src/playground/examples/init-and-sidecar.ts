import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: reports
spec:
  replicas: 2
  selector:
    matchLabels: { app: reports }
  template:
    metadata:
      labels: { app: reports }
    spec:
      initContainers:
        # Runs to its end before anything else starts.
        - name: migrate
          image: busybox:1.37
          command: [sh, -c, "echo migrating; sleep 8; echo done"]
        # restartPolicy: Always makes an init container a sidecar: it starts here, stays, and stops last.
        - name: log-shipper
          image: shop/log-shipper:3
          restartPolicy: Always
          volumeMounts:
            - { name: logs, mountPath: /logs }
          resources:
            requests: { cpu: 50m, memory: 32Mi }
      containers:
        - name: reports
          image: shop/reports:1.8
          ports:
            - containerPort: 8080
          volumeMounts:
            - { name: logs, mountPath: /logs }
          resources:
            requests: { cpu: 200m, memory: 128Mi }
      volumes:
        - name: logs
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: reports
spec:
  selector: { app: reports }
  ports:
    - port: 80
      targetPort: 8080
`

export const initAndSidecar: Example = {
  id: 'init-and-sidecar',
  subject: 'basics',
  title: { en: 'An init container and a sidecar', zh: '初始化容器与边车' },
  lesson: {
    en: 'Select a pod and follow its status: Init:0/2 while migrate runs, then the sidecar starts and stays, and only then the main container. READY counts 2 of 2, because a sidecar counts. Slow the clock down to 0.5× to see each step.',
    zh: '选中一个 Pod，跟着看它的状态：migrate 运行时是 Init:0/2，然后边车启动并一直运行，最后才是主容器。READY 是 2/2，因为边车也计算在内。把时钟放慢到 0.5× 可以看清每一步。',
  },
  files: [{ name: 'reports.yaml', text: manifests }],
  applied: [],
  shape: clusterOf('reports', ['zone-a', 'zone-b'], 2, '2', '4Gi'),
}
