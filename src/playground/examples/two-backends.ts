import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const app = (name: string, image: string, replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: ${name}
          image: ${image}
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet: { path: /, port: http }
            periodSeconds: 5
          resources:
            requests: { cpu: 100m, memory: 64Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: { app: ${name} }
  ports:
    - port: 80
      targetPort: http
`

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: site
spec:
  rules:
    - host: example.com
      http:
        paths:
          # The longest matching path wins, whatever the order here.
          - path: /blog
            pathType: Prefix
            backend:
              service: { name: blog, port: { number: 80 } }
          - path: /
            pathType: Prefix
            backend:
              service: { name: store, port: { number: 80 } }
`

export const twoBackends: Example = {
  id: 'two-backends',
  subject: 'networking',
  title: { en: 'One Ingress, two backends', zh: '一个 Ingress，两个后端' },
  lesson: {
    en: 'One host, two applications: /blog goes to one Service, everything else to the other. Follow the edges from the Ingress to the Services to the pods. Rename the Service blog in apps.yaml and apply: the Ingress still points at the old name, and Kubernetes lets it.',
    zh: '一个主机名，两个应用：/blog 去往一个 Service，其余的去往另一个。沿着边从 Ingress 看到 Service，再看到 Pod。在 apps.yaml 里给 Service blog 改名并应用：Ingress 仍然指向旧名字，而 Kubernetes 允许这样。',
  },
  files: [
    { name: 'apps.yaml', text: `${app('store', 'shop/store:3', 3)}---\n${app('blog', 'shop/blog:1', 2)}` },
    { name: 'ingress.yaml', text: ingress },
  ],
  applied: ['apps.yaml', 'ingress.yaml'],
  shape: clusterOf('site', ['zone-a', 'zone-b'], 4, '2', '4Gi'),
}
