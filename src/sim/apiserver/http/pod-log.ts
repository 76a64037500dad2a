import { rfc3339Micro, parseTime } from '../../../lib/time.ts'
import type { KubeObject } from '../../../machinery/objects.ts'
import { utf8Length } from '../../../lib/utf8.ts'
import type { LogLine } from '../../machines/pod-logs.ts'
import { badRequest, containerOf, nodeOf } from '../pod-containers.ts'
import type { HttpResponse } from './messages.ts'
import { baseOptions, keyOf, type ResourceRequest } from './resource-request.ts'

/** What a container has written: GET pods/NAME/log. Upstream: pkg/registry/core/pod, LogLocation, and the kubelet's own checks. */
export function podLog(context: ResourceRequest): HttpResponse {
  const { api, query, route } = context
  const { namespace, name } = route.at
  api.context('get', 'pods', namespace, name, { ...baseOptions(context), subresource: 'log' })
  const pod = api.get('pods', keyOf(route.at))
  const container = containerOf(pod, query.get('container'))
  nodeOf(pod)
  const previous = query.get('previous') === 'true'
  const problem = problemOf(pod, container, previous)
  if (problem) throw badRequest(problem)
  const source = () => api.podLogs?.(pod, container, previous) ?? []
  const lines = source()
  const headers = { 'content-type': 'text/plain' }
  if (typeof lines === 'string') return { status: 200, headers, body: lines }
  const options = readOptions(context)
  const body = limited(shown(selected(lines, options, api.clock.wall() - api.clock.now()), options), options.limitBytes)
  if (query.get('follow') !== 'true') return { status: 200, headers, body }
  let seen = lines.at(-1)
  let closed = false
  return {
    status: 200,
    headers,
    body,
    stream: {
      read() {
        const now = closed ? '' : sourceOrNothing()
        if (typeof now === 'string') {
          closed = true
          return ''
        }
        const fresh = now.slice(seen === undefined ? 0 : now.lastIndexOf(seen) + 1)
        seen = now.at(-1) ?? seen
        if (fresh.length === 0 && !isRunning(api.find('pods', keyOf(route.at)), container)) closed = true
        return shown(fresh, options)
      },
      get closed() {
        return closed
      },
      close() {
        closed = true
      },
    },
  }

  /** A node that goes silent ends what is followed. */
  function sourceOrNothing(): readonly LogLine[] | string {
    try {
      return source()
    } catch {
      return ''
    }
  }

  function shown(list: readonly LogLine[], { timestamps }: Options): string {
    const stamp = (at: number) => rfc3339Micro(api.clock.wall() - api.clock.now() + at).replace('Z', '000Z')
    return list.map(({ at, text, open }) => `${timestamps ? `${stamp(at)} ` : ''}${text}${open ? '' : '\n'}`).join('')
  }
}

interface Options {
  readonly timestamps: boolean
  readonly tailLines: number | undefined
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly limitBytes: number | undefined
}

function readOptions({ api, query }: ResourceRequest): Options {
  const number = (name: string): number | undefined => {
    const text = query.get(name)
    if (text === '') return undefined
    if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
    return Number(text)
  }
  const seconds = number('sinceSeconds')
  const time = query.get('sinceTime')
  return {
    timestamps: query.get('timestamps') === 'true',
    tailLines: number('tailLines'),
    since: seconds !== undefined ? api.clock.wall() - seconds * 1000 : time ? parseTime(time) : -Infinity,
    limitBytes: number('limitBytes'),
  }
}

function selected(lines: readonly LogLine[], { tailLines, since }: Options, epoch: number): readonly LogLine[] {
  const recent = since === -Infinity ? lines : lines.filter(({ at }) => epoch + at >= since)
  return tailLines === undefined ? recent : tailLines <= 0 ? [] : recent.slice(-tailLines)
}

function limited(text: string, bytes: number | undefined): string {
  if (bytes === undefined || utf8Length(text) <= bytes) return text
  let end = Math.min(text.length, bytes)
  while (utf8Length(text.slice(0, end)) > bytes) end--
  return text.slice(0, end)
}

function statusOf({ status = {} }: KubeObject, name: string): any {
  const lists = [status.containerStatuses, status.initContainerStatuses, status.ephemeralContainerStatuses]
  return lists.flatMap((list) => list ?? []).find((one: any) => one.name === name)
}

function isRunning(pod: KubeObject | undefined, container: string): boolean {
  return pod !== undefined && statusOf(pod, container)?.state?.running !== undefined
}

/** Upstream: validateContainerLogStatus. */
function problemOf(pod: KubeObject, container: string, previous: boolean): string | undefined {
  const { state = {}, lastState = {} } = statusOf(pod, container) ?? {}
  const where = `container "${container}" in pod "${pod.metadata.name}"`
  if (previous) return lastState.terminated ? undefined : `previous terminated ${where} not found`
  if (state.running || state.terminated || lastState.terminated) return undefined
  const reason = state.waiting?.reason
  if (!reason) return `${where} is waiting to start - no logs yet`
  if (reason === 'ErrImagePull') return `${where} is waiting to start: image can't be pulled`
  return `${where} is waiting to start: ${reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason}`
}
