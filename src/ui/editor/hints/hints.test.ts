import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KubeObject } from '../../../machinery/objects.ts'
import { keyOf } from '../../../machinery/objects.ts'
import { hintsOf } from './find-hints.ts'
import { storedFields } from './stored-fields.ts'

const cluster = (objects: Record<string, object[]>) =>
  Object.fromEntries(
    Object.entries(objects).map(([resource, list]) => {
      const byKey = new Map((list as KubeObject[]).map((object) => [keyOf(object), object]))
      return [resource, { byKey, keys: [...byKey.keys()] }]
    }),
  )
const pod = (name: string, labels: object, namespace = 'default') => ({
  metadata: { name, namespace, labels },
  spec: {},
})

/** `code line:"underlined" fix` of each hint. */
function said(text: string, objects: Record<string, object[]> = {}): string[] {
  const file = { name: 'a.yaml', text }
  return hintsOf(file, [file], cluster(objects)).map(({ code, line, column, endColumn, fix }) => {
    const marked = text.split('\n')[line - 1]!.slice(column - 1, endColumn - 1)
    return `${code} ${line}:${marked}${fix ? ` → ${fix.text}` : ''}`
  })
}

const workload = (podSpec: string, labels = '{ app: web }') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: ${labels} }
    spec:
${podSpec.replace(/^/gm, '      ')}
`
const nginx = `containers:
  - name: nginx
    image: nginx:1.29
    ports: [{ name: http, containerPort: 80 }]
`
const service = (spec: string) => `---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: ${spec}
`

test.each([
  [
    'a Service beside its pods is fine',
    workload(nginx) + service('{ selector: { app: web }, ports: [{ port: 80 }] }'),
    [],
  ],
  [
    'a Service that misses by a letter',
    workload(nginx) + service('{ selector: { app: wbe }, ports: [{ port: 80 }] }'),
    ['selectsNearly 18:wbe → web'],
  ],
  [
    'a Service that selects nothing at all',
    service('{ selector: { app: other }, ports: [{ port: 80 }] }'),
    ['selectsNothing 5:other'],
  ],
  ['a Service without a selector is somebody else’s', service('{ ports: [{ port: 80 }] }'), []],
  [
    'a named port that the pods lack',
    workload(nginx) + service('{ selector: { app: web }, ports: [{ port: 80, targetPort: htp }] }'),
    ['portNameNear 18:htp → http'],
  ],
  [
    'a number that nobody declares',
    workload(nginx) + service('{ selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }'),
    ['targetPort 18:8080'],
  ],
  ['a selector beside its template', workload(nginx, '{ app: web2 }'), ['selectorDiffers 5:web → web2']],
  [
    'a probe on a closed port',
    workload(`${nginx}    readinessProbe: { httpGet: { port: 8080 } }`),
    ['probePortNear 13:8080 → 80'],
  ],
  [
    'a probe by a name that is not there',
    workload(`${nginx}    livenessProbe: { tcpSocket: { port: web } }`),
    ['portNameNear 13:web → http'],
  ],
  ['a volume that nobody mounts', workload(`${nginx}volumes: [{ name: cache, emptyDir: {} }]`), ['unmounted 13:cache']],
  [
    'a mount without volume',
    workload(`${nginx}    volumeMounts: [{ name: cach, mountPath: /a }]\nvolumes: [{ name: cache, emptyDir: {} }]`),
    ['mountNear 13:cach → cache', 'unmounted 14:cache'],
  ],
  ['no tag', workload(nginx.replace('nginx:1.29', 'nginx')), ['latest 11:nginx']],
  [
    'a registry’s port is no tag',
    workload(nginx.replace('nginx:1.29', 'host:5000/nginx')),
    ['latest 11:host:5000/nginx'],
  ],
  ['a digest is exact', workload(nginx.replace('nginx:1.29', 'nginx@sha256:abc')), []],
  [
    'a missing ConfigMap',
    workload(`${nginx}    envFrom: [{ configMapRef: { name: settings } }]`),
    ['missing 13:settings'],
  ],
  [
    'an optional one may be missing',
    workload(`${nginx}    envFrom: [{ configMapRef: { name: settings, optional: true } }]`),
    [],
  ],
  [
    'a missing claim and account',
    workload(
      `${nginx}    volumeMounts: [{ name: d, mountPath: /d }]\nvolumes: [{ name: d, persistentVolumeClaim: { claimName: data } }]\nserviceAccountName: robot`,
    ),
    ['missing 14:data', 'missing 15:robot'],
  ],
  [
    'a field that is only stored',
    workload(`${nginx}    securityContext: { privileged: true }\nhostPID: true`),
    ['storedField 14:hostPID', 'storedField 13:privileged'],
  ],
  ['half a document says nothing', 'apiVersion: v1\nkind: Service\nmetadata: { name: a\n', []],
])('%s', (_, text, expected) => {
  expect(said(text)).toEqual(expected)
})

test('the cluster counts as much as the files', () => {
  const text = service('{ selector: { app: web }, ports: [{ port: 80 }] }')
  expect(said(text, { pods: [pod('web-1', { app: 'web' })] })).toEqual([])
  expect(said(text, { pods: [pod('web-1', { app: 'web' }, 'elsewhere')] })).toEqual(['selectsNothing 5:web'])
  expect(said(text, { pods: [pod('web-1', { app: 'webb' })] })).toEqual(['selectsNearly 5:web → webb'])
})

test('a key that a ConfigMap lacks, and the one that was meant', () => {
  const text = workload(`${nginx}    env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: colr } } }]`)
  const settings = { metadata: { name: 'settings', namespace: 'default' }, data: { color: 'red' } }
  expect(said(text, { configmaps: [settings] })).toEqual(['missingKeyNear 13:colr → color'])
})

const autoscaler = (name: string) => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]
`

test('an autoscaler without its target, or whose target asks for nothing', () => {
  expect(said(workload(nginx) + autoscaler('wbe'))).toEqual(['missingNear 19:wbe → web'])
  expect(said(workload(nginx) + autoscaler('web'))).toEqual(['needsRequests 20:cpu'])
  const asking = `${nginx}    resources: { requests: { cpu: 100m } }`
  expect(said(workload(asking) + autoscaler('web'))).toEqual([])
})

test('an Ingress to a Service that is not there, or to a port that it lacks', () => {
  const ingress = (name: string, port: number) => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: ${port} } } } }] } }] }
`
  const both = workload(nginx) + service('{ selector: { app: web }, ports: [{ port: 80 }] }')
  expect(said(both + ingress('web', 80))).toEqual([])
  expect(said(both + ingress('weB', 80))).toEqual(['missingNear 23:weB → web'])
  expect(said(both + ingress('web', 8080))).toEqual(['servicePort 23:8080 → 80'])
})

test('no field that is called only stored is read by the simulator', () => {
  const sources = readdirSync('src/sim', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/test|admission/.test(file))
    .map((file) => readFileSync(join('src/sim', file), 'utf8'))
    .join('\n')
  const acted = Object.values(storedFields)
    .flat()
    .filter((field) => new RegExp(`\\b${field}\\b`).test(sources))
  expect(acted).toEqual([])
})
