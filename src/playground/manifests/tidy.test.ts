import { load, loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import { cleaned, withoutServerFields } from './clean.ts'
import { looksExported, tidy } from './tidy.ts'

const tidied = (text: string) => {
  const result = tidy(text)
  if (!result.ok) throw new Error(result.message)
  return result
}
const objectsOf = (text: string) => loadAll(tidied(text).text) as any[]

const exported = `apiVersion: v1
kind: List
metadata: { resourceVersion: "" }
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web-7b6c5d9f44-h2tqx
    namespace: shop
    ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-7b6c5d9f44, uid: u, controller: true }]
  spec: { containers: [{ name: web, image: nginx:1.29 }] }
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    annotations:
      deployment.kubernetes.io/revision: "3"
      kubectl.kubernetes.io/last-applied-configuration: "{}"
      team: blue
    creationTimestamp: "2026-01-01T00:00:00Z"
    generation: 4
    managedFields: [{ manager: kubectl }]
    name: web
    namespace: shop
    resourceVersion: "91"
    uid: 6d0f
  spec:
    progressDeadlineSeconds: 600
    replicas: 2
    revisionHistoryLimit: 10
    selector: { matchLabels: { app: web } }
    strategy: { rollingUpdate: { maxSurge: 25%, maxUnavailable: 25% }, type: RollingUpdate }
    template:
      metadata: { creationTimestamp: null, labels: { app: web } }
      spec:
        containers:
        - image: nginx:1.29
          imagePullPolicy: IfNotPresent
          name: web
          ports: [{ containerPort: 80, protocol: TCP }]
          resources: {}
          terminationMessagePath: /dev/termination-log
          terminationMessagePolicy: File
          volumeMounts: [{ name: cache, mountPath: /cache }]
        dnsPolicy: ClusterFirst
        restartPolicy: Always
        schedulerName: default-scheduler
        securityContext: {}
        terminationGracePeriodSeconds: 30
        volumes: [{ name: cache, emptyDir: {} }]
  status: { replicas: 2 }
- apiVersion: v1
  kind: Service
  metadata: { name: web, namespace: shop, uid: x }
  spec:
    clusterIP: 10.96.0.9
    clusterIPs: [10.96.0.9]
    ipFamilies: [IPv4]
    ipFamilyPolicy: SingleStack
    internalTrafficPolicy: Cluster
    ports: [{ port: 80, protocol: TCP, targetPort: 80 }]
    selector: { app: web }
    sessionAffinity: None
    type: ClusterIP
  status: { loadBalancer: {} }
- apiVersion: v1
  kind: Node
  metadata: { name: node-1 }
- apiVersion: v1
  kind: ConfigMap
  metadata: { name: kube-root-ca.crt, namespace: shop }
`

test('a List is taken apart; what the cluster added is gone, what was written stays', () => {
  expect(objectsOf(exported)).toEqual([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', annotations: { team: 'blue' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              {
                image: 'nginx:1.29',
                name: 'web',
                ports: [{ containerPort: 80 }],
                volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
              },
            ],
            volumes: [{ name: 'cache', emptyDir: {} }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { ports: [{ port: 80 }], selector: { app: 'web' } },
    },
  ])
})

test('what is left out is told by reason', () => {
  expect(tidied(exported).leftOut).toEqual({
    owned: ['Pod web-7b6c5d9f44-h2tqx'],
    nodes: ['Node node-1'],
    system: ['ConfigMap kube-root-ca.crt'],
  })
  expect(tidied(exported).kept).toBe(2)
})

test('JSON is read as YAML is, and cleaning twice changes nothing more', () => {
  const once = tidied(exported).text
  expect(tidied(once).text).toBe(once)
  const json = JSON.stringify(load(exported))
  expect(objectsOf(json)).toEqual(objectsOf(exported))
})

test.each([
  ['a headless Service keeps its None', 'Service', { clusterIP: 'None', clusterIPs: ['None'] }, { clusterIP: 'None' }],
  [
    'a chosen node port stays',
    'Service',
    { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
    { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
  ],
  [
    "a load balancer's node port was assigned",
    'Service',
    { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 31234 }] },
    { type: 'LoadBalancer', ports: [{ port: 80 }] },
  ],
  [
    'a claim is not bound again to the same volume',
    'PersistentVolumeClaim',
    { volumeName: 'pv-1', volumeMode: 'Filesystem', accessModes: ['ReadWriteOnce'] },
    { accessModes: ['ReadWriteOnce'] },
  ],
  [
    'a Job loses the selector of its uid',
    'Job',
    {
      selector: { matchLabels: { 'controller-uid': 'x' } },
      backoffLimit: 6,
      template: { metadata: { labels: { 'job-name': 'a', app: 'a' } }, spec: { containers: [] } },
    },
    { template: { metadata: { labels: { app: 'a' } }, spec: { containers: [] } } },
  ],
  [
    'a pod loses its node, its token and the tolerations that it was given',
    'Pod',
    {
      nodeName: 'node-1',
      serviceAccount: 'default',
      serviceAccountName: 'default',
      volumes: [{ name: 'kube-api-access-x2k9p', projected: {} }],
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'mine' },
      ],
      containers: [
        {
          name: 'a',
          image: 'a',
          imagePullPolicy: 'Always',
          volumeMounts: [{ name: 'kube-api-access-x2k9p', mountPath: '/x' }],
        },
      ],
    },
    { tolerations: [{ key: 'mine' }], containers: [{ name: 'a', image: 'a' }] },
  ],
  [
    'a policy that is not the default stays',
    'Deployment',
    {
      revisionHistoryLimit: 2,
      strategy: { type: 'Recreate' },
      template: { spec: { containers: [{ name: 'a', image: 'a:1', imagePullPolicy: 'Never' }] } },
    },
    {
      revisionHistoryLimit: 2,
      strategy: { type: 'Recreate' },
      template: { spec: { containers: [{ name: 'a', image: 'a:1', imagePullPolicy: 'Never' }] } },
    },
  ],
])('%s', (_, kind, spec, expected) => {
  expect(cleaned({ apiVersion: 'v1', kind, metadata: { name: 'a' }, spec }).spec).toEqual(expected)
})

test('nothing of the object given is changed', () => {
  const object = load(exported) as any
  const before = JSON.stringify(object)
  for (const item of object.items) cleaned(item)
  expect(JSON.stringify(object)).toBe(before)
  expect(withoutServerFields(object.items[1]).spec).toBe(object.items[1].spec)
})

test('test hooks of a chart are left out, other hooks stay', () => {
  const hook = (name: string, when: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, annotations: { helm.sh/hook: "${when}" } }\nspec: { containers: [] }\n`
  const { kept, leftOut } = tidied(`${hook('a', 'test')}---\n${hook('b', 'pre-install')}`)
  expect([kept, leftOut]).toEqual([1, { hooks: ['Pod a'] }])
})

test.each([
  ['a List', 'apiVersion: v1\nkind: List\nitems: []\n', true],
  ['an object with a uid', 'kind: Pod\nmetadata:\n  uid: 1\n', true],
  ['JSON', '{\n  "kind": "Pod",\n  "metadata": {\n    "resourceVersion": "1"\n', true],
  ['a manifest', 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n', false],
])('%s looks exported or not', (_, text, expected) => {
  expect(looksExported(text)).toBe(expected)
})

test('what cannot be read says on which line', () => {
  expect(tidy('kind: A\nmetadata: [oops\n')).toMatchObject({ ok: false })
})
