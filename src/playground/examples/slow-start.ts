import type { Example } from './example.ts'
import { clusterOf } from './example.ts'

const api = (name: string, probes: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 2
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
      annotations:
        # It loads its data for so long before it listens.
        kubecosm.dev/startupSeconds: "45"
    spec:
      containers:
        - name: api
          image: shop/api:3.1.0
          ports:
            - { name: http, containerPort: 8080 }
          resources:
            requests: { cpu: 100m, memory: 128Mi }
${probes}`

const impatient = api(
  'impatient',
  `          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 5
            failureThreshold: 3
`,
)
const patient = api(
  'patient',
  `          # Until this has passed once, the liveness probe waits.
          startupProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 5
            failureThreshold: 24
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 5
`,
)

export const slowStart: Example = {
  id: 'slow-start',
  subject: 'health',
  title: { en: 'A probe without patience', zh: '没有耐心的探针' },
  lesson: {
    en: 'The same program twice; it needs 45 seconds before it listens. The liveness probe of impatient gives up after 15, so its containers are killed before they are ever ready, again and again: CrashLoopBackOff made by a probe. patient has a startup probe that holds the liveness probe back, and comes up. Compare their events, then give impatient a startup probe, too.',
    zh: '同一个程序部署了两份，它要 45 秒后才开始监听。impatient 的存活探针 15 秒就放弃，容器在就绪之前就被一次次杀掉：这是探针造成的 CrashLoopBackOff。patient 有启动探针，在它通过之前存活探针不会开始，因此能正常启动。比较两者的事件，然后也给 impatient 加上启动探针。',
  },
  files: [
    { name: 'impatient.yaml', text: impatient },
    { name: 'patient.yaml', text: patient },
  ],
  applied: ['impatient.yaml', 'patient.yaml'],
  shape: clusterOf('probes', ['zone-a', 'zone-b'], 2, '2', '4Gi'),
}
