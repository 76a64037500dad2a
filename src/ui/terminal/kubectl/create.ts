import type { Api, Loose } from './api.ts'
import { KubectlError, pathOf, resourceNamed } from './api.ts'
import { apply, post } from './change.ts'
import { namespaceOf, objectsOf, targetsOf } from './get.ts'
import { formatted } from './print.ts'
import type { CommandLine } from './words.ts'

/** `kubectl create KIND NAME …`, `kubectl create -f FILE` */
export async function create(api: Api, line: CommandLine): Promise<void> {
  if (line.has('filename')) return apply(api, line)
  const [, kind = '', ...more] = line.args
  const namespace = namespaceOf(line) ?? 'default'
  const object = objectFor(kind, more, line)
  if (line.has('dry-run')) return api.surroundings.print(formatted(object, line.flag('output') ?? 'yaml', true))
  return post(api, object, namespace)
}

function objectFor(kind: string, args: readonly string[], line: CommandLine): Loose {
  const needs = (name: string | undefined, what = 'NAME') => {
    if (!name) throw new KubectlError(`error: create ${kind} needs a ${what}`)
    return name
  }
  const first = args[0]
  switch (kind) {
    case 'deployment':
    case 'deploy': {
      const name = needs(first)
      const port = line.flag('port')
      const containers = line.flags('image').map((image) => ({
        name: nameOf(image),
        image,
        ...(line.rest.length > 0 && { command: line.rest }),
        ...(port && { ports: [{ containerPort: Number(port) }] }),
      }))
      if (containers.length === 0) throw new KubectlError('error: required flag(s) "image" not set')
      const labels = { app: name }
      const template = { metadata: { labels }, spec: { containers } }
      const spec = { replicas: Number(line.flag('replicas') ?? 1), selector: { matchLabels: labels }, template }
      return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels }, spec }
    }
    case 'namespace':
    case 'ns':
      return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: needs(first) } }
    case 'serviceaccount':
    case 'sa':
      return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: needs(first) } }
    case 'configmap':
    case 'cm':
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: needs(first) }, data: literals(line) }
    case 'secret': {
      if (first !== 'generic') throw new KubectlError('error: only "create secret generic" is known here')
      return { apiVersion: 'v1', kind: 'Secret', metadata: { name: needs(args[1]) }, stringData: literals(line) }
    }
    case 'service':
    case 'svc': {
      const type = { clusterip: 'ClusterIP', nodeport: 'NodePort', loadbalancer: 'LoadBalancer' }[first ?? '']
      if (!type) throw new KubectlError('error: create service clusterip|nodeport|loadbalancer NAME --tcp=PORT:TARGET')
      const name = needs(args[1])
      const ports = line.flags('tcp').map((each) => {
        const [port, targetPort = port] = each.split(':').map(Number)
        return { name: each.replace(':', '-'), port, targetPort, protocol: 'TCP' }
      })
      return {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, labels: { app: name } },
        spec: { type, selector: { app: name }, ports },
      }
    }
    case 'job': {
      const image = needs(line.flag('image'), '--image')
      const container = { name: needs(first), image, ...(line.rest.length > 0 && { command: line.rest }) }
      const spec = { template: { spec: { containers: [container], restartPolicy: 'Never' } } }
      return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: first }, spec }
    }
    case 'cronjob':
    case 'cj': {
      const container = { name: needs(first), image: needs(line.flag('image'), '--image'), command: line.rest }
      const jobTemplate = { spec: { template: { spec: { containers: [container], restartPolicy: 'OnFailure' } } } }
      const spec = { schedule: needs(line.flag('schedule'), '--schedule'), jobTemplate }
      return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: first }, spec }
    }
    default:
      throw new KubectlError(
        `error: create knows deployment, service, namespace, configmap, secret generic, serviceaccount, job, cronjob and -f FILE here, not "${kind}"`,
      )
  }
}

function literals(line: CommandLine): Record<string, string> {
  return Object.fromEntries(
    line.flags('from-literal').map((each) => {
      const at = each.indexOf('=')
      if (at < 0) throw new KubectlError(`error: invalid literal source ${each}, expected key=value`)
      return [each.slice(0, at), each.slice(at + 1)]
    }),
  )
}

const nameOf = (image: string) => image.split('/').at(-1)!.split(/[:@]/)[0]!

/** `kubectl run NAME --image=IMAGE` */
export async function run(api: Api, line: CommandLine): Promise<void> {
  const name = line.args[1]
  const image = line.flag('image')
  if (!name || !image) throw new KubectlError('error: run NAME --image=IMAGE')
  const namespace = namespaceOf(line) ?? 'default'
  const port = line.flag('port')
  const env = line.flags('env').map((each) => ({ name: each.split('=')[0], value: each.split(/=(.*)/)[1] ?? '' }))
  const labels = Object.fromEntries((line.flag('labels') ?? `run=${name}`).split(',').map((each) => each.split('=')))
  const container = {
    name,
    image,
    ...(line.rest.length > 0 && (line.has('command') ? { command: line.rest } : { args: line.rest })),
    ...(port && { ports: [{ containerPort: Number(port) }] }),
    ...(env.length > 0 && { env }),
    ...(line.has('stdin') && { stdin: true, tty: line.has('tty') }),
  }
  const spec = { containers: [container], restartPolicy: line.flag('restart') ?? 'Always' }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec }
  if (line.has('dry-run')) return api.surroundings.print(formatted(pod, line.flag('output') ?? 'yaml', true))
  await post(api, pod, namespace)
}

/** `kubectl expose deployment web --port=80` */
export async function expose(api: Api, line: CommandLine): Promise<void> {
  const targets = await targetsOf(api, line.args.slice(1))
  for (const { object } of await objectsOf(api, line, targets)) {
    const { name, namespace = 'default' } = object.metadata
    const selector =
      object.kind === 'Service' ? object.spec.selector : (object.spec.selector?.matchLabels ?? object.metadata.labels)
    const spec = object.kind === 'Pod' ? object.spec : object.spec.template?.spec
    const declared = (spec?.containers as Loose[] | undefined)?.flatMap((each) => each.ports ?? []) ?? []
    const port = Number(line.flag('port') ?? declared[0]?.containerPort)
    if (!port) throw new KubectlError("error: couldn't find port via --port flag or introspection")
    const target = line.flag('target-port')
    const targetPort = target === undefined ? port : /^\d+$/.test(target) ? Number(target) : target
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: line.flag('name') ?? name, labels: object.metadata.labels },
      spec: { type: line.flag('type') ?? 'ClusterIP', selector, ports: [{ port, targetPort, protocol: 'TCP' }] },
    }
    const resource = await resourceNamed(api, 'services')
    const made = await api.send('POST', pathOf(resource, namespace), service)
    api.surroundings.print(`service/${made.metadata.name} exposed`)
  }
}
