import { beforeAll, expect, test } from 'vitest'
import { act, clusterOf } from '../../../bridge/actions.ts'
import type { Handle } from '../../../bridge/http.ts'
import { answerHttp, loadHandle } from '../../../bridge/http.ts'
import { defaultShape } from '../../../playground/model.ts'
import { Api } from './api.ts'
import { completionsOf } from './complete.ts'
import { runLine } from './run.ts'

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: nginx, image: "nginx:1.28" }] }
`

let handle: Handle
beforeAll(async () => {
  handle = await loadHandle()
})

/** A cluster, and kubectl before it: `kubectl('get pods')` answers with the lines printed. Time passes while it sleeps. */
function begin() {
  const cluster = clusterOf(defaultShape())
  cluster.runFor(5_000)
  const shells: unknown[] = []
  let printed: string[] = []
  let slept = 0
  let controller = new AbortController()
  const api = () =>
    new Api({
      http: async (method, path, options = {}) => answerHttp(cluster, handle, { method, path, ...options }),
      print: (line) => void printed.push(...line.split('\n')),
      sleep: async (ms) => {
        cluster.runFor(ms)
        if (++slept > 200) controller.abort()
      },
      signal: controller.signal,
      now: () => cluster.clock.epoch + cluster.now(),
      files: () => [{ name: 'web.yaml', text: manifest }],
      apply: async (file) => {
        const { results = [] } = act(cluster, { type: 'apply', file, text: manifest })
        return results
      },
      drain: async (name) => act(cluster, { type: 'drain', name }),
      openShell: (...what) => void shells.push(what),
      names: (resource, namespace) =>
        cluster.api
          .list(resource)
          .filter((each) => namespace === undefined || each.metadata.namespace === namespace)
          .map((each) => each.metadata.name),
    })
  const kubectl = async (line: string) => {
    printed = []
    slept = 0
    controller = new AbortController()
    await runLine(api(), line)
    return printed
  }
  const complete = async (typed: string) => (await completionsOf(api(), typed)).options
  return { cluster, kubectl, complete, shells, pass: (ms: number) => cluster.runFor(ms) }
}

test('what a learner types in the first minutes', async () => {
  const { kubectl, pass } = begin()
  expect(await kubectl('kubectl get pods')).toEqual(['No resources found in default namespace.'])
  expect(await kubectl('apply -f web.yaml')).toEqual(['deployment/web created'])
  const rolled = await kubectl('rollout status deploy/web')
  expect(rolled.at(-1)).toBe('deployment "web" successfully rolled out')
  expect(rolled).toContain('Waiting for deployment "web" rollout to finish: 0 of 2 updated replicas are available...')
  const pods = await kubectl('get po')
  expect(pods[0]).toMatch(/^NAME {2,}READY {3}STATUS {4}RESTARTS {3}AGE$/)
  expect(pods[1]).toMatch(/^web-\S+ {3}1\/1 {5}Running {3}0 {10}\S+s$/)
  expect(await kubectl('scale deployment web --replicas=3')).toEqual(['deployment.apps/web scaled'])
  pass(10_000)
  expect(await kubectl('get pods -o name')).toHaveLength(3)
  expect(await kubectl('expose deployment web --port=80')).toEqual(['service/web exposed'])
  expect(
    (await kubectl('get deploy,svc -l app!=x')).filter((line) => line.startsWith('deployment.apps/web ')),
  ).toHaveLength(1)
  expect(await kubectl('set image deployment/web nginx=nginx:1.29')).toEqual(['deployment.apps/web image updated'])
  pass(20_000)
  expect(await kubectl(`get deploy web -o jsonpath='{.spec.template.spec.containers[0].image}{"\\n"}'`)).toEqual([
    'nginx:1.29',
    '',
  ])
  expect(await kubectl('rollout history deployment web')).toEqual([
    'deployment.apps/web',
    'REVISION   CHANGE-CAUSE',
    '1          <none>',
    '2          <none>',
  ])
  expect(await kubectl('rollout undo deployment web')).toEqual(['deployment.apps/web rolled back'])
  pass(20_000)
  expect(await kubectl('get deploy web -o custom-columns=IMAGE:.spec.template.spec.containers[*].image')).toEqual([
    'IMAGE',
    'nginx:1.28',
  ])
  expect(await kubectl('delete deployment web')).toEqual(['deployment.apps "web" deleted from default namespace'])
})

test('nodes are cordoned, tainted, marked and drained', async () => {
  const { kubectl } = begin()
  expect(await kubectl('cordon node-1')).toEqual(['node/node-1 cordoned'])
  expect(await kubectl('cordon node-1')).toEqual(['node/node-1 already cordoned'])
  expect((await kubectl('get nodes node-1')).at(1)).toContain('Ready,SchedulingDisabled')
  expect(await kubectl('uncordon node-1')).toEqual(['node/node-1 uncordoned'])
  expect(await kubectl('taint nodes node-1 gpu=yes:NoSchedule')).toEqual(['node/node-1 tainted'])
  expect(await kubectl('get node node-1 -o jsonpath={.spec.taints[0].key}')).toEqual(['gpu'])
  expect(await kubectl('taint nodes node-1 gpu-')).toEqual(['node/node-1 untainted'])
  expect(await kubectl('label node node-1 disk=ssd')).toEqual(['node/node-1 labeled'])
  expect(await kubectl('label node node-1 disk=hdd')).toEqual([
    "error: 'disk' already has a value (ssd), and --overwrite is false",
  ])
  expect(await kubectl('get nodes -l disk=ssd -o name')).toEqual(['node/node-1'])
  expect(await kubectl('drain node-2')).toEqual(['node/node-2 drained'])
})

test('a pod is run, read and entered', async () => {
  const { kubectl, shells, pass } = begin()
  expect(await kubectl(`run box --image=busybox:1.36 --command -- sh -c 'echo hello; sleep 3600'`)).toEqual([
    'pod/box created',
  ])
  pass(20_000)
  expect(await kubectl('logs box')).toEqual(['hello'])
  expect(await kubectl('logs -f box --tail=1')).toEqual(['hello'])
  expect((await kubectl('describe pod box')).join('\n')).toMatch(/Name: +box[\s\S]*Events:\n[\s\S]*Scheduled/)
  expect((await kubectl('events --for pod/box')).join('\n')).toContain('Scheduled')
  await kubectl('exec -it box -- sh')
  await kubectl('exec box -c box -- ls /')
  expect(shells).toEqual([
    ['default', 'box', undefined, undefined],
    ['default', 'box', 'box', ['ls', '/']],
  ])
  expect(await kubectl('get pod box -w')).toHaveLength(2)
})

test.each([
  ['get nonsense', `error: the server doesn't have a resource type "nonsense"`],
  ['get pod nobody', 'Error from server (NotFound): pods "nobody" not found'],
  ['frobnicate', 'error: unknown command "frobnicate" for "kubectl"; help lists what there is'],
  ['port-forward pod/a 80', 'error: port-forward needs a real port: run kubecosm serve, and use your own kubectl.'],
  ['apply -f other.yaml', 'error: the path "other.yaml" does not exist: the editor has web.yaml'],
  [
    'scale deployment web',
    'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
  ],
  [
    'get pods -o nope',
    'error: unable to match a printer suitable for the output format "nope", allowed formats are: custom-columns,json,jsonpath,name,wide,yaml',
  ],
  [`get 'pods`, "unexpected end of line: ' is still open"],
  ['constructor', 'error: unknown command "constructor" for "kubectl"; help lists what there is'],
])('%s says what is wrong', async (line, expected) => {
  expect(await begin().kubectl(line)).toEqual([expected])
})

test('an object that is not valid is refused with its causes', async () => {
  expect((await begin().kubectl('create namespace Bad_Name')).join()).toContain(
    'The Namespace "Bad_Name" is invalid: metadata.name: ',
  )
})

test.each([
  ['get pods,svc -A', /NAMESPACE/],
  ['get nodes -o wide', /INTERNAL-IP/],
  ['get ns --show-labels', /kubernetes\.io\/metadata\.name=default/],
  ['get ns default -o yaml', /^kind: Namespace$/m],
  ['get ns default -o json', /"kind": "Namespace"/],
  ['api-resources', /deployments +deploy +apps\/v1 +true +Deployment/],
  ['explain pods.spec.containers', /FIELD: containers <\[\]Container>[\s\S]*imagePullPolicy/],
  ['version', /Server Version: v1\.36/],
  ['top nodes', /CPU\(cores\)|metrics not available/],
  ['create deployment a --image=nginx:1.29 --dry-run=client -o yaml', /replicas: 1/],
  ['help', /rollout status/],
])('%s', async (line, expected) => {
  expect((await begin().kubectl(line)).join('\n')).toMatch(expected)
})

test('Tab completes commands, types, names, namespaces and files', async () => {
  const { complete } = begin()
  expect(await complete('descr')).toEqual(['describe'])
  expect(await complete('get deploym')).toEqual(['deployments'])
  expect(await complete('kubectl describe node node-')).toEqual(['node-1', 'node-2', 'node-3', 'node-4'])
  expect(await complete('get node/node-3')).toEqual(['node/node-3'])
  expect(await complete('get pods -n kube-s')).toEqual(['kube-system'])
  expect(await complete('apply -f ')).toEqual(['web.yaml'])
  expect(await complete('rollout und')).toEqual(['undo'])
  expect(await complete('cordon node-4')).toEqual(['node-4'])
})
