import { clusterOf, type Example } from './example.ts'

export const statefulStore: Example = {
  id: 'stateful-store',
  subject: 'storage',
  title: { en: 'A store that remembers', zh: '有记忆的存储' },
  lesson: {
    en: 'Three pods come up one after the other, each with a disk of its own, and an agent sits on every node. Delete store-1 and see it come back with the same name and the same disk. Apply scale.yaml: the last one goes first, and its disk stays. Unplug the node of store-0 and skip ahead: nobody takes its place, for as long as nobody knows whether it still writes, Kubernetes starts no second one.',
    zh: '三个 Pod 依次启动，每个都有自己的磁盘，每个节点上还有一个代理。删除 store-1，看它以同样的名字、带着同一块磁盘回来。应用 scale.yaml：最后一个最先离开，它的磁盘会留下。拔掉 store-0 所在的节点，再快进：没有谁来接替它，因为只要无法确定它是否还在写入，Kubernetes 就不会启动第二个。',
  },
  files: [
    {
      name: 'store.yaml',
      text: `apiVersion: v1
kind: Service
metadata:
  name: store
spec:
  clusterIP: None
  selector:
    app: store
  ports:
    - port: 6379
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: store
spec:
  serviceName: store
  replicas: 3
  selector:
    matchLabels:
      app: store
  template:
    metadata:
      labels:
        app: store
    spec:
      containers:
        - name: redis
          image: redis:8
          ports:
            - containerPort: 6379
          readinessProbe:
            tcpSocket:
              port: 6379
            periodSeconds: 2
          volumeMounts:
            - name: data
              mountPath: /data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 1Gi
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels:
      app: agent
  template:
    metadata:
      labels:
        app: agent
    spec:
      containers:
        - name: agent
          image: busybox:1.36
          command: [sleep, infinity]
`,
    },
    {
      name: 'scale.yaml',
      text: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: store
spec:
  serviceName: store
  replicas: 1
  selector:
    matchLabels:
      app: store
  template:
    metadata:
      labels:
        app: store
    spec:
      containers:
        - name: redis
          image: redis:8
          ports:
            - containerPort: 6379
          readinessProbe:
            tcpSocket:
              port: 6379
            periodSeconds: 2
          volumeMounts:
            - name: data
              mountPath: /data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 1Gi
`,
    },
  ],
  applied: ['store.yaml'],
  shape: clusterOf('stateful-store', ['zone-a', 'zone-b', 'zone-c'], 3, '4', '8Gi'),
}
