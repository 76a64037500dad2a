import { dump } from 'js-yaml'
import type { KubeObject } from '../../../machinery/objects.ts'
import { objectText, PlainList } from './json-text.ts'
import type { HttpResponse } from './messages.ts'
import type { Representation } from './negotiation.ts'
import { warningHeaders } from './warnings.ts'

/** A JSON (or YAML) answer. */
export function objectAnswer(
  status: number,
  body: unknown,
  warnings: readonly string[],
  form: Representation = { format: 'json', pretty: false },
): HttpResponse {
  const headers: Record<string, string | readonly string[]> = {
    'content-type': form.format === 'yaml' ? 'application/yaml' : 'application/json',
    'cache-control': 'no-cache, private',
  }
  if (warnings.length > 0) {
    const values = warningHeaders(warnings)
    if (values.length > 0) headers.warning = values
  }
  return { status, headers, body: textOf(body, form) }
}

function textOf(body: unknown, form: Representation): string {
  if (form.format === 'json' && !form.pretty) {
    if (body instanceof PlainList) return body.text()
    // A stored object, read again and again.
    if (Object.isFrozen(body) && isObject(body)) return objectText(body)
  }
  if (form.format === 'yaml')
    return dump(body instanceof PlainList ? body.toJSON() : body, {
      noRefs: true,
      lineWidth: -1,
      sortKeys: true,
      skipInvalid: true,
    })
  return form.pretty ? `${JSON.stringify(body, undefined, 2)}\n` : JSON.stringify(body)
}

function isObject(body: unknown): body is KubeObject {
  return typeof body === 'object' && body !== null && 'apiVersion' in body && 'kind' in body
}

/** A text as the paths outside of the API answer it. */
export function textAnswer(status: number, body: string): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-cache, private',
      'x-content-type-options': 'nosniff',
    },
    body,
  }
}
