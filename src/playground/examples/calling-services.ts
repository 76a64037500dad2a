import { clusterOf, type Example } from './example.ts'

const service = (name: string, replicas: number, annotations: readonly string[]) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
      annotations:
${annotations.map((one) => `        kubecosm.dev/${one}`).join('\n')}
    spec:
      containers:
        - name: ${name}
          image: example.com/${name}:1.0
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet:
              path: /healthz
              port: 8080
            periodSeconds: 5
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - port: 80
      targetPort: 8080
`

export const callingServices: Example = {
  id: 'calling-services',
  subject: 'networking',
  title: { en: 'Services that call each other', zh: '互相调用的服务' },
  lesson: {
    en: 'Nobody has these images, so annotations say how they behave: front calls cart and stock for every request, and each takes its time. A script in the customer asks front every second: read its log. Set errorRate of stock to 50%, apply, and read it again. Scale stock to 0: what does front answer now? Unplug a node and see how long customers notice.',
    zh: '这些镜像并不存在，它们的行为写在注解里：front 每收到一个请求就调用 cart 和 stock，各自都要花时间。customer 里的脚本每秒请求一次 front：看看它的日志。把 stock 的 errorRate 改成 50% 再应用，再看日志。把 stock 缩到 0：front 现在回答什么？拔掉一个节点，看客户多久会察觉。',
  },
  files: [
    {
      name: 'services.yaml',
      text: [
        service('front', 2, ['calls: "cart, stock"', 'latency: 20ms-60ms', 'startupSeconds: "3"']),
        service('cart', 2, ['latency: 30ms', 'startupSeconds: "5"']),
        service('stock', 2, ['latency: 50ms-200ms', 'errorRate: 0%']),
      ].join('---\n'),
    },
    {
      name: 'customer.yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: customer
spec:
  replicas: 1
  selector:
    matchLabels:
      app: customer
  template:
    metadata:
      labels:
        app: customer
    spec:
      containers:
        - name: customer
          image: busybox:1.36
          command:
            - sh
            - -c
            - |
              bought=0; failed=0
              trap 'echo "bye: $bought bought, $failed failed"; exit 0' TERM
              while true; do
                if wget -q -T 2 -O /dev/null http://front/; then
                  bought=$((bought + 1))
                else
                  failed=$((failed + 1))
                fi
                echo "$(date +%T) $bought bought, $failed failed"
                sleep 1
              done
`,
    },
  ],
  applied: ['services.yaml', 'customer.yaml'],
  shape: clusterOf('calling-services', ['zone-a', 'zone-b', 'zone-c'], 3, '4', '8Gi'),
}
