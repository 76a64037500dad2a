import type { System } from '../kernel/types.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { body } from './simple.ts'
import { page } from './static-files.ts'

/** All that a request said, as the whoami servers say it. */
export function whoami({ method, path, query, version, headers, peer }: HttpRequest, system: System): HttpAnswer {
  const ips = ['127.0.0.1', ...system.addresses].map((one) => `IP: ${one}\n`).join('')
  const name = system.process.env['WHOAMI_NAME']
  const lines = Object.entries(headers)
    .map(([key, value]) => `${title(key)}: ${value}\n`)
    .toSorted()
  return {
    status: 200,
    body: `${name ? `Name: ${name}\n` : ''}Hostname: ${system.hostname}\n${ips}RemoteAddr: ${peer}:40000\n${method} ${path}${query} ${version}\n${lines.join('')}\n`,
  }
}

const title = (name: string): string => name.replace(/(^|-)[a-z]/g, (text) => text.toUpperCase())

/** echoserver's text. */
export function echo(request: HttpRequest, system: System): HttpAnswer {
  const { method, path, query, version, headers, peer, port, body: text } = request
  const lines = Object.entries(headers)
    .map(([key, value]) => `\t${key}=${value}\n`)
    .toSorted()
  return {
    status: 200,
    body: `\n\nHostname: ${system.hostname}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: 1.14.2 - lua: 10015\n\nRequest Information:\n\tclient_address=${peer}\n\tmethod=${method}\n\treal path=${path}${query}\n\tquery=${query.slice(1)}\n\trequest_version=${version.slice(5)}\n\trequest_scheme=http\n\trequest_uri=http://${headers['host'] ?? ''}:${port}${path}\n\nRequest Headers:\n${lines.join('')}\nRequest Body:\n${text || '\t-no body in request-'}\n\n`,
  }
}

/** httpbin's most used paths. */
export function httpbin(request: HttpRequest, system: System): HttpAnswer {
  const { path, query, headers, peer, method } = request
  const shown = Object.fromEntries(Object.entries(headers).map(([key, value]) => [title(key), value]))
  const args = Object.fromEntries(
    query
      .slice(1)
      .split('&')
      .filter(Boolean)
      .map((one) => one.split('=', 2))
      .filter(([key]) => key !== '__proto__'),
  )
  const all = { args, headers: shown, origin: peer, url: `http://${headers['host'] ?? ''}${path}${query}` }
  const json = (value: unknown, status = 200) => body(`${JSON.stringify(value, undefined, 2)}\n`, status)
  const status = /^\/status\/(\d{3})$/.exec(path)
  if (status) return { status: Number(status[1]) }
  if (path === '/headers') return json({ headers: shown })
  if (path === '/ip') return json({ origin: peer })
  if (path === '/user-agent') return json({ 'user-agent': headers['user-agent'] ?? '' })
  if (path === '/uuid') return json({ uuid: `00000000-0000-4000-8000-${String(system.below(1e12)).padStart(12, '0')}` })
  if (path === '/') return body('<!DOCTYPE html>\n<html><head><title>httpbin.org</title></head></html>\n')
  if (/^\/(get|post|put|delete|patch|anything)/.test(path))
    return json(method === 'GET' ? all : { ...all, data: request.body, files: {}, form: {}, json: null })
  return page(404, 'Not Found')
}

/** podinfo: what it is, how it is, and failures on demand. */
export function podinfo({ path, headers, body: sent }: HttpRequest, system: System): HttpAnswer {
  const json = (value: unknown, status = 200) => body(`${JSON.stringify(value, undefined, 2)}\n`, status)
  const { env } = system.process
  const info = {
    hostname: system.hostname,
    version: '6.9.2',
    revision: 'e86405a8674ecab990d0a389824c7ebbd82973b5',
    color: env['PODINFO_UI_COLOR'] ?? '#34577c',
    logo: 'https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif',
    message: env['PODINFO_UI_MESSAGE'] ?? 'greetings from podinfo v6.9.2',
    goos: 'linux',
    goarch: 'amd64',
    runtime: 'go1.25.0',
    num_goroutine: '8',
    num_cpu: '4',
  }
  const status = /^\/status\/(\d{3})$/.exec(path)
  if (status) return json({ status: Number(status[1]) }, Number(status[1]))
  if (path === '/' || path === '/api/info') return json(info)
  if (path === '/healthz' || path === '/readyz') return json({ status: 'OK' })
  if (path === '/version') return json({ version: info.version, commit: info.revision })
  if (path === '/env') return json(Object.entries(env).map(([key, value]) => `${key}=${value}`))
  if (path === '/headers') return json(headers)
  if (path === '/echo' || path === '/api/echo') return body(sent || JSON.stringify(info))
  if (path === '/metrics')
    return body(
      '# HELP http_requests_total The total number of HTTP requests.\n# TYPE http_requests_total counter\nhttp_requests_total{status="200"} 1\n',
    )
  if (path === '/panic') return { status: 500 }
  return json({ code: 404, message: 'Not Found' }, 404)
}
