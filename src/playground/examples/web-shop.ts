import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const shop = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
# The tier that customers see.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: { app: web, tier: front }
spec:
  replicas: 3
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web, tier: front }
    spec:
      containers:
        - name: nginx
          image: nginx:1.29
          ports:
            - containerPort: 80
          readinessProbe:
            httpGet: { path: /, port: 80 }
          resources:
            requests: { cpu: 200m, memory: 128Mi }
            limits: { memory: 256Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector: { app: web }
  ports:
    - port: 80
---
# The tier that knows prices.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog
  namespace: shop
  labels: { app: catalog, tier: middle }
spec:
  replicas: 2
  selector:
    matchLabels: { app: catalog }
  template:
    metadata:
      labels: { app: catalog, tier: middle }
    spec:
      containers:
        - name: catalog
          image: shop/catalog:2.4.1
          envFrom:
            - configMapRef: { name: catalog }
          ports:
            - containerPort: 8080
          resources:
            requests: { cpu: 250m, memory: 256Mi }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: catalog
  namespace: shop
data:
  DATABASE_HOST: db.shop.svc.cluster.local
  CURRENCY: EUR
---
apiVersion: v1
kind: Service
metadata:
  name: catalog
  namespace: shop
spec:
  selector: { app: catalog }
  ports:
    - port: 8080
`

const database = `apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
stringData:
  POSTGRES_PASSWORD: not-a-real-one
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: db
  namespace: shop
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests: { storage: 10Gi }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
  namespace: shop
spec:
  replicas: 1
  # Two databases on one volume would corrupt it: stop the old one first.
  strategy: { type: Recreate }
  selector:
    matchLabels: { app: db }
  template:
    metadata:
      labels: { app: db, tier: data }
    spec:
      containers:
        - name: postgres
          image: postgres:18
          envFrom:
            - secretRef: { name: db }
          ports:
            - containerPort: 5432
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
          resources:
            requests: { cpu: 500m, memory: 512Mi }
      volumes:
        - name: data
          persistentVolumeClaim: { claimName: db }
---
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
spec:
  selector: { app: db }
  ports:
    - port: 5432
`

const edge = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: shop
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: { name: web, port: { number: 80 } }
`

export const webShop: Example = {
  id: 'web-shop',
  subject: 'basics',
  title: { en: 'A web shop in three tiers', zh: '三层结构的网店' },
  lesson: {
    en: 'Front end, catalogue and database, each a Deployment behind a Service. Watch the scheduler spread the pods, the claim get a volume, and each Service find its pods by label. Then raise the replicas of web to 6 and apply again: only what differs changes.',
    zh: '前端、目录和数据库，各是一个 Deployment，前面有一个 Service。看调度器如何分散 Pod，PVC 如何得到卷，Service 如何按标签找到 Pod。然后把 web 的副本数改为 6 再应用一次：只有不同之处会变化。',
  },
  files: [
    { name: 'shop.yaml', text: shop },
    { name: 'database.yaml', text: database },
    { name: 'edge.yaml', text: edge },
  ],
  applied: ['shop.yaml', 'database.yaml', 'edge.yaml'],
  shape: clusterOf('shop', ['eu-west-1a', 'eu-west-1b'], 4, '2', '4Gi'),
}
