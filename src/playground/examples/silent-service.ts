import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
spec:
  replicas: 3
  selector:
    matchLabels: { app: checkout }
  template:
    metadata:
      labels: { app: checkout, version: v2 }
    spec:
      containers:
        - name: checkout
          image: shop/checkout:2.4.1
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests: { cpu: 100m, memory: 64Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: checkout
spec:
  selector:
    app: chekout
  ports:
    - port: 80
      targetPort: http
---
# This one selects pods, but asks for a port by a name that none of them has.
apiVersion: v1
kind: Service
metadata:
  name: checkout-admin
spec:
  selector:
    app: checkout
    version: v2
  ports:
    - port: 9000
      targetPort: admin
`

export const silentService: Example = {
  id: 'silent-service',
  subject: 'networking',
  title: { en: 'A Service that selects nothing', zh: '一个什么都没选中的 Service' },
  lesson: {
    en: 'All pods run, yet the Service checkout has no endpoints: one letter of its selector is missing, and Kubernetes never complains about a selector that matches nothing. Compare its selector with the labels of the pods. checkout-admin fails differently: it finds the pods, but names a port that they do not have, so its EndpointSlice lists addresses without a port. Mend both, apply, and look at the EndpointSlices again.',
    zh: '所有 Pod 都在运行，但 Service checkout 没有端点：它的选择器少了一个字母，而 Kubernetes 从不抱怨什么都没匹配到的选择器。把它的选择器和 Pod 的标签对照一下。checkout-admin 的错误不同：它选中了 Pod，却引用了它们没有的端口名，所以它的 EndpointSlice 里有地址却没有端口。把两处都改好，应用，再看一次 EndpointSlice。',
  },
  files: [{ name: 'checkout.yaml', text: manifests }],
  applied: ['checkout.yaml'],
  shape: clusterOf('checkout', ['zone-a', 'zone-b'], 2, '2', '4Gi'),
}
