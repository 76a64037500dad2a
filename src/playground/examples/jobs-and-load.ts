import { clusterOf, type Example } from './example.ts'

export const jobsAndLoad: Example = {
  id: 'jobs-and-load',
  subject: 'basics',
  title: { en: 'Work that ends, and work that grows', zh: '会结束的工作，会增长的工作' },
  lesson: {
    en: 'A Job works through six items, two at a time; a CronJob starts one every minute. The web pods say that they use 450m of CPU each, more than the 60 % of their 500m that the autoscaler wants: watch it add pods until it may not. Change kubecosm.dev/cpu in web.yaml to 100m and apply: it takes five minutes of calm before it takes pods away. Skip ahead.',
    zh: '一个 Job 处理六件工作，每次两件；一个 CronJob 每分钟启动一次。web 的每个 Pod 都声称用掉 450m CPU，超过了自动伸缩器想要的 500m 的 60 %：看它增加 Pod，直到上限。把 web.yaml 中的 kubecosm.dev/cpu 改为 100m 再应用：要平静五分钟，它才会减少 Pod。可以快进。',
  },
  files: [
    {
      name: 'web.yaml',
      text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
      annotations:
        kubecosm.dev/cpu: 450m
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports:
            - containerPort: 80
          resources:
            requests:
              cpu: 500m
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 60
`,
    },
    {
      name: 'jobs.yaml',
      text: `apiVersion: batch/v1
kind: Job
metadata:
  name: items
spec:
  completions: 6
  parallelism: 2
  completionMode: Indexed
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: worker
          image: busybox:1.36
          command: [sh, -c, sleep 8]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: '* * * * *'
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: report
              image: busybox:1.36
              command: [sh, -c, sleep 20]
`,
    },
  ],
  applied: ['web.yaml', 'jobs.yaml'],
  shape: clusterOf('jobs-and-load', ['zone-a', 'zone-b'], 4, '4', '8Gi'),
}
