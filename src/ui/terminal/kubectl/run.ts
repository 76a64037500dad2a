import type { Api } from './api.ts'
import { KubectlError } from './api.ts'
import { apply, cordon, drain, mark, patch, remove, scale, setImage, taint } from './change.ts'
import { create, expose, run as runPod } from './create.ts'
import { get, namespaceOf } from './get.ts'
import { apiResources, describe, events, explain, logs, podsFor, top } from './look.ts'
import { rollout } from './rollout.ts'
import type { CommandLine } from './words.ts'
import { readCommandLine, wordsOf } from './words.ts'

type Command = (api: Api, line: CommandLine) => Promise<void>

/** What kubectl can do here, each with its line of help. */
const commands: Readonly<Record<string, readonly [run: Command, help: string]>> = {
  get: [get, 'get pods,svc [-A] [-l app=web] [-o wide|yaml|json|name|jsonpath=…|custom-columns=…] [-w]'],
  describe: [describe, 'describe pod web-1'],
  logs: [logs, 'logs web-1 [-f] [-c container] [-p] [--tail=10]'],
  exec: [exec, 'exec -it web-1 [-c container] -- sh'],
  apply: [apply, 'apply -f web.yaml (a file of the editor; . for all)'],
  create: [
    create,
    'create deployment web --image=nginx:1.29 [--replicas=3]; service, namespace, configmap, secret, job, …',
  ],
  run: [runPod, 'run box --image=busybox:1.37 -- sleep 3600'],
  expose: [expose, 'expose deployment web --port=80'],
  delete: [remove, 'delete pod web-1 [--now | --force]'],
  scale: [scale, 'scale deployment/web --replicas=5'],
  set: [setImage, 'set image deployment/web nginx=nginx:1.30'],
  rollout: [rollout, 'rollout status|restart|undo|history|pause|resume deployment/web'],
  label: [(api, line) => mark(api, line, 'labels'), 'label pod web-1 tier=front [--overwrite]; tier- takes it away'],
  annotate: [(api, line) => mark(api, line, 'annotations'), 'annotate pod web-1 note=hello'],
  patch: [patch, `patch deployment web --patch '{"spec":{"paused":true}}'`],
  taint: [taint, 'taint nodes node-1 gpu=yes:NoSchedule; gpu- takes it away'],
  cordon: [(api, line) => cordon(api, line, true), 'cordon node-1'],
  uncordon: [(api, line) => cordon(api, line, false), 'uncordon node-1'],
  drain: [drain, 'drain node-1'],
  top: [top, 'top nodes; top pods [-A]'],
  events: [events, 'events [-A] [--for pod/web-1] [--types=Warning]'],
  explain: [explain, 'explain pods.spec.containers'],
  'api-resources': [apiResources, 'api-resources'],
  version: [version, 'version'],
  help: [help, 'help'],
}

/** The names of all commands. */
export const commandNames: readonly string[] = [...Object.keys(commands), 'clear']

const elsewhere: Readonly<Record<string, string>> = {
  'port-forward': 'port-forward needs a real port: run kubecosm serve, and use your own kubectl.',
  proxy: 'proxy needs a real port: run kubecosm serve, and use your own kubectl.',
  cp: 'cp needs real files: run kubecosm serve, and use your own kubectl.',
  attach: 'attach is not known here: logs -f shows what the container writes, exec -it runs something beside it.',
  edit: 'edit opens an editor: choose the object, and edit its YAML in the inspector.',
  diff: 'The editor shows it: the button Diff.',
  config: 'There is one cluster here, and you are its admin.',
  kustomize: 'kustomize is not known here.',
  debug: 'debug is not known here: exec -it runs a shell in a container.',
  wait: 'wait is not known here: get -w and rollout status wait.',
}

/** Runs one line, with or without the word kubectl before it. What goes wrong is printed, never thrown. */
export async function runLine(api: Api, text: string): Promise<void> {
  try {
    const all = wordsOf(text)
    const words = all[0] === 'kubectl' || all[0] === 'k' ? all.slice(1) : all
    const [name = ''] = words
    if (name === '') return all.length > 0 ? help(api) : undefined
    if (Object.hasOwn(elsewhere, name)) throw new KubectlError(`error: ${elsewhere[name]}`)
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command) throw new KubectlError(`error: unknown command "${name}" for "kubectl"; help lists what there is`)
    const line = readCommandLine(words, { logs: { f: 'follow' }, patch: { p: 'patch' } }[name])
    if (line.has('help')) return api.surroundings.print(`  kubectl ${command[1]}`)
    await command[0](api, line)
  } catch (error) {
    if (!api.surroundings.signal.aborted) api.surroundings.print(error instanceof Error ? error.message : String(error))
  }
}

async function help(api: Api): Promise<void> {
  api.surroundings.print('kubectl knows these here:')
  for (const [, words] of Object.values(commands)) api.surroundings.print(`  ${words}`)
}

async function version(api: Api): Promise<void> {
  const { gitVersion } = await api.get('/version')
  api.surroundings.print(`Client Version: Kubecosm\nServer Version: ${gitVersion}`)
}

async function exec(api: Api, line: CommandLine): Promise<void> {
  const namespace = namespaceOf(line) ?? 'default'
  const [pod] = await podsFor(api, line, namespace)
  const command = line.rest.length > 0 ? line.rest : line.args.slice(2)
  if (command.length === 0) throw new KubectlError('error: you must specify at least one command for the container')
  await api.get(`/api/v1/namespaces/${namespace}/pods/${pod}`)
  const isShell = command.length === 1 && command[0] === 'sh'
  api.surroundings.openShell(namespace, pod!, line.flag('container'), isShell ? undefined : command)
}
