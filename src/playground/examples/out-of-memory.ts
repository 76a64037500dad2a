import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const manifests = `# Holds more than it may: killed by the kernel, exit code 137.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  replicas: 1
  selector:
    matchLabels: { app: search }
  template:
    metadata:
      labels: { app: search }
      annotations:
        kubecosm.dev/memory: 300Mi
    spec:
      containers:
        - name: search
          image: shop/search:1.4.0
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 256Mi }
---
# Ends with 1 after twenty seconds, as a program with a bug does.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailer
spec:
  replicas: 1
  selector:
    matchLabels: { app: mailer }
  template:
    metadata:
      labels: { app: mailer }
      annotations:
        kubecosm.dev/crashAfter: 20s
    spec:
      containers:
        - name: mailer
          image: shop/mailer:1.0.2
          resources:
            requests: { cpu: 50m, memory: 64Mi }
---
# Asks for a key that its ConfigMap does not have: never started at all.
apiVersion: v1
kind: ConfigMap
metadata:
  name: report
data:
  currency: EUR
---
apiVersion: v1
kind: Pod
metadata:
  name: report
spec:
  containers:
    - name: report
      image: shop/report:2.0.0
      env:
        - name: CURRENCY
          valueFrom:
            configMapKeyRef: { name: report, key: curency }
`

export const outOfMemory: Example = {
  id: 'out-of-memory',
  subject: 'health',
  title: { en: 'Three ways not to run', zh: '跑不起来的三种方式' },
  lesson: {
    en: 'search holds 300Mi and may have 256Mi: OOMKilled, exit code 137. mailer ends by itself with exit code 1, and each restart waits twice as long as the one before, up to five minutes: CrashLoopBackOff. report is never started, because it asks for a key that its ConfigMap does not have: CreateContainerConfigError. The editor hints at the misspelt key; ask Why? for the other two, and mend all three.',
    zh: 'search 占用 300Mi，而上限是 256Mi：OOMKilled，退出码 137。mailer 自己以退出码 1 结束，每次重启的等待时间都比上一次长一倍，最多五分钟：CrashLoopBackOff。report 根本没有启动，因为它要的键在 ConfigMap 里不存在：CreateContainerConfigError。编辑器会提示拼错的键；另外两个请看“为什么”，然后把三个都修好。',
  },
  files: [{ name: 'pods.yaml', text: manifests }],
  applied: ['pods.yaml'],
  shape: clusterOf('crashes', ['zone-a'], 2, '2', '4Gi'),
}
