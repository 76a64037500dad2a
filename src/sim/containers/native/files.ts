import type { Failure, System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'

/** All of a file's text, or why it cannot be read. */
export function readText(system: System, path: string): string | Failure {
  const fd = system.open(path, { read: true })
  if (isFailure(fd)) return fd
  let all = ''
  for (;;) {
    const text = system.read(fd, 1024 * 1024)
    if (isFailure(text)) {
      system.close(fd)
      return text
    }
    if (!text || all.length > 32 * 1024 * 1024) break
    all += text
  }
  system.close(fd)
  return all
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  ico: 'image/x-icon',
  pdf: 'application/pdf',
}

/** What a file is, by its name. */
export function typeOf(path: string, other: string): string {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return Object.hasOwn(types, ending) ? types[ending]! : other
}

/** A path out of a URL: `%20` and its like are read, and nothing leads out of it. */
export function pathFrom(url: string): string {
  const read = url.replace(/%([0-9a-fA-F]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  const names: string[] = []
  for (const name of read.split('/'))
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  return `/${names.join('/')}${read.endsWith('/') && names.length > 0 ? '/' : ''}`
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!)
