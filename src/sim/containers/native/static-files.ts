import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { escapeHtml, pathFrom, readText, typeOf } from './files.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { filled } from './log.ts'
import { body } from './simple.ts'

/** A line of a common log, as httpd has it. */
export const commonLog = (request: HttpRequest, { status, body: text = '' }: HttpAnswer, system: System): string =>
  filled(
    `${request.peer} - - [{%d/%b/%Y:%H:%M:%S +0000}] "${request.method} ${request.path}${request.query} ${request.version}" ${status} ${text.length || '-'}`,
    system,
  )

/** Files below a directory; directories are listed where nobody has an index. */
export function files(system: System, base: string, request: HttpRequest, title: string, lists = true): HttpAnswer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return page(501, 'Unsupported method')
  const path = pathFrom(request.path)
  const real = `${base}${path}`.replace(/(.)\/+$/, '$1')
  const status = system.status(real)
  if (isFailure(status))
    return page(status.errno === 'EACCES' ? 403 : 404, status.errno === 'EACCES' ? 'Forbidden' : 'Not Found')
  if (status.type === 'directory') {
    if (!request.path.endsWith('/')) return { status: 301, headers: { Location: `${request.path}/` } }
    for (const name of ['index.html', 'index.htm']) {
      const text = readText(system, `${real}/${name}`)
      if (typeof text === 'string') return { status: 200, headers: { 'Content-Type': 'text/html' }, body: text }
    }
    const names = lists ? system.list(real) : { errno: 'EACCES' as const }
    if (isFailure(names)) return page(403, 'Forbidden')
    const items = names.map((name) => {
      const one = system.status(`${real}/${name}`)
      const shown = escapeHtml(!isFailure(one) && one.type === 'directory' ? `${name}/` : name)
      return `<li><a href="${shown}">${shown}</a></li>\n`
    })
    const heading = `${title} ${escapeHtml(path)}`
    return body(
      `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${heading}</title>\n</head>\n<body>\n<h1>${heading}</h1>\n<hr>\n<ul>\n${items.join('')}</ul>\n<hr>\n</body>\n</html>\n`,
    )
  }
  const text = readText(system, real)
  if (typeof text !== 'string') return page(403, 'Forbidden')
  return { status: 200, headers: { 'Content-Type': typeOf(real, 'application/octet-stream') }, body: text }
}

/** A page that says a status. */
export const page = (status: number, what: string): HttpAnswer =>
  body(
    `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${what}</title>\n</head><body>\n<h1>${what}</h1>\n</body></html>\n`,
    status,
  )
