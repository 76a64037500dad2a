import type { System } from '../kernel/types.ts'
import { isFailure } from '../kernel/walk.ts'
import { readText } from './files.ts'
import { type Directive, NginxFault, parseNginx } from './nginx-syntax.ts'

/** What nginx remembers of its configuration. Plain data. */
export interface NginxServer {
  readonly ports: readonly number[]
  readonly names: readonly string[]
  readonly isDefault: boolean
  readonly locations: readonly NginxLocation[]
  readonly rules: NginxRules
}

export interface NginxLocation {
  readonly kind: 'prefix' | 'exact' | 'regex' | 'stop'
  readonly insensitive?: true
  readonly path: string
  readonly rules: NginxRules
}

/** Directives by name, each as it was said last; inherited ones are in. */
export type NginxRules = Readonly<Record<string, readonly string[]>>

export interface NginxConfig {
  readonly servers: readonly NginxServer[]
  readonly upstreams: Readonly<Record<string, readonly string[]>>
}

const includesAtMost = 64
/** What a location takes from the block around it. */
const inherited = ['root', 'index', 'autoindex', 'error_page', 'access_log', 'default_type', 'add_header']
const known = new Set(
  (
    'absolute_redirect access_log add_header add_before_body aio alias allow ancient_browser auth_basic auth_basic_user_file ' +
    'auth_request auth_request_set autoindex autoindex_exact_size autoindex_format break brotli charset chunked_transfer_encoding client_body_buffer_size ' +
    'client_body_temp_path client_body_timeout client_header_buffer_size client_header_timeout client_max_body_size daemon default_type ' +
    'deny directio env error_log error_page etag events expires fastcgi_buffer_size fastcgi_buffers fastcgi_index fastcgi_intercept_errors fastcgi_param fastcgi_pass fastcgi_read_timeout ' +
    'fastcgi_split_path_info fastcgi_temp_path geo grpc_pass gzip gzip_buffers gzip_comp_level gzip_disable gzip_http_version ' +
    'gzip_min_length gzip_proxied gzip_static gzip_types gzip_vary hash http http2 if ignore_invalid_headers include index internal ip_hash ' +
    'keepalive keepalive_requests keepalive_timeout large_client_header_buffers least_conn limit_conn limit_conn_zone limit_except limit_rate limit_req limit_req_zone ' +
    'listen load_module location log_format log_not_found map map_hash_bucket_size map_hash_max_size master_process merge_slashes multi_accept ' +
    'open_file_cache open_file_cache_errors open_file_cache_min_uses open_file_cache_valid pid port_in_redirect proxy_bind proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size ' +
    'proxy_cache proxy_cache_bypass proxy_cache_key proxy_cache_path proxy_cache_valid proxy_connect_timeout proxy_hide_header proxy_http_version proxy_ignore_headers ' +
    'proxy_intercept_errors proxy_next_upstream proxy_no_cache proxy_pass proxy_pass_header proxy_pass_request_headers proxy_protocol proxy_read_timeout proxy_redirect proxy_request_buffering ' +
    'proxy_send_timeout proxy_set_body proxy_set_header proxy_ssl_name proxy_ssl_server_name proxy_ssl_verify proxy_ssl_session_reuse proxy_temp_path proxy_timeout random real_ip_header ' +
    'real_ip_recursive reset_timedout_connection resolver resolver_timeout return rewrite rewrite_log root satisfy scgi_temp_path send_timeout sendfile ' +
    'sendfile_max_chunk server server_name server_name_in_redirect server_names_hash_bucket_size server_names_hash_max_size server_tokens set set_real_ip_from split_clients ssl_certificate ' +
    'ssl_certificate_key ssl_ciphers ssl_dhparam ssl_prefer_server_ciphers ssl_protocols ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_verify stream ' +
    'stub_status sub_filter sub_filter_once sub_filter_types tcp_nodelay tcp_nopush thread_pool try_files types types_hash_bucket_size types_hash_max_size underscores_in_headers upstream use ' +
    'user uwsgi_param uwsgi_pass uwsgi_temp_path valid_referers variables_hash_bucket_size worker_connections worker_cpu_affinity worker_priority worker_processes worker_rlimit_nofile worker_shutdown_timeout zone'
  ).split(' '),
)

/** Reads what nginx is configured with; throws NginxFault with nginx's words. */
export function readNginx(system: System, file: string): NginxConfig {
  const text = readText(system, file)
  if (typeof text !== 'string')
    throw new NginxFault(
      `open() "${file}" failed (${text.errno === 'ENOENT' ? '2: No such file or directory' : '13: Permission denied'})`,
    )
  let includes = 0
  const expand = (list: readonly Directive[], parent = ''): Directive[] =>
    list.flatMap((one) => {
      if (!known.has(one.name)) throw new NginxFault(`unknown directive "${one.name}" in ${one.file}:${one.line}`)
      if (one.name === 'include') {
        if (++includes > includesAtMost) throw new NginxFault(`too many includes in ${one.file}:${one.line}`)
        return included(system, one).flatMap((path) => {
          if (path.endsWith('mime.types')) return []
          return expand(parseNginx(readText(system, path) as string, path), parent)
        })
      }
      if (!one.block && parent !== 'upstream' && ['events', 'http', 'server', 'location'].includes(one.name))
        throw new NginxFault(`directive "${one.name}" has no opening "{" in ${one.file}:${one.line}`)
      if (!one.block) return [one]
      const raw = ['map', 'types', 'geo', 'split_clients'].includes(one.name)
      return [{ ...one, block: raw ? [] : expand(one.block, one.name) }]
    })
  const all = expand(parseNginx(text, file))
  if (!all.some(({ name }) => name === 'events')) throw new NginxFault('no "events" section in configuration')
  const http = all.filter(({ name }) => name === 'http').flatMap(({ block }) => block!)
  const upstreams: Record<string, string[]> = {}
  for (const one of http)
    if (one.name === 'upstream' && one.args[0] !== '__proto__') {
      upstreams[one.args[0] ?? ''] = one.block!.filter(({ name }) => name === 'server').map(({ args }) => args[0]!)
      for (const each of one.block!) if (each.name === 'server') resolve(system, each, each.args[0] ?? '', 'upstream')
    }
  const outer = rulesOf(http, {})
  const servers = http
    .filter(({ name }) => name === 'server')
    .map(({ block }) => serverOf(system, block!, outer, upstreams))
  return { servers, upstreams }
}

function included(system: System, { args, file, line }: Directive): string[] {
  const pattern = args[0]!.startsWith('/') ? args[0]! : `/etc/nginx/${args[0]}`
  const slash = pattern.lastIndexOf('/')
  if (!pattern.includes('*')) {
    if (isFailure(system.status(pattern)))
      throw new NginxFault(`open() "${pattern}" failed (2: No such file or directory) in ${file}:${line}`)
    return [pattern]
  }
  const names = system.list(pattern.slice(0, slash))
  const [before, after] = pattern.slice(slash + 1).split('*') as [string, string]
  if (isFailure(names)) return []
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after) && !name.startsWith('.'))
    .map((name) => `${pattern.slice(0, slash)}/${name}`)
}

function serverOf(
  system: System,
  block: readonly Directive[],
  outer: NginxRules,
  upstreams: NginxConfig['upstreams'],
): NginxServer {
  const listens = block.filter(({ name }) => name === 'listen')
  const ports = listens.map(({ args }) => Number(/(\d+)$/.exec(args[0] ?? '')?.[1] ?? 80))
  const rules = rulesOf(block, outer)
  const locations = block.filter(({ name }) => name === 'location').flatMap((one) => locationOf(one, rules))
  for (const one of [...block, ...block.flatMap(({ block: inner }) => inner ?? [])])
    if (one.name === 'proxy_pass' && one.args[0] && !one.args[0].includes('$')) {
      const host = /^https?:\/\/([^/:]+)/.exec(one.args[0])?.[1]
      if (host === undefined) throw new NginxFault(`invalid URL prefix in ${one.file}:${one.line}`)
      if (!Object.hasOwn(upstreams, host)) resolve(system, one, host, 'upstream')
    }
  return {
    ports: [...new Set(ports.length > 0 ? ports : [80])],
    names: block.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args),
    isDefault: listens.some(({ args }) => args.includes('default_server')),
    locations,
    rules,
  }
}

function resolve(system: System, { file, line }: Directive, host: string, what: string): void {
  const name = host.replace(/:\d+$/, '')
  if (!name.startsWith('unix:') && system.lookUp(name).length === 0)
    throw new NginxFault(`host not found in ${what} "${host}" in ${file}:${line}`)
}

function locationOf({ args, block = [], file, line }: Directive, outer: NginxRules): NginxLocation[] {
  const [modifier, path] = args.length > 1 ? (args as [string, string]) : ['', args[0] ?? '']
  const kind = modifier === '=' ? 'exact' : modifier.startsWith('~') ? 'regex' : modifier === '^~' ? 'stop' : 'prefix'
  if (modifier !== '' && !['=', '~', '~*', '^~'].includes(modifier))
    throw new NginxFault(`invalid location modifier "${modifier}" in ${file}:${line}`)
  const rules = rulesOf(block, Object.fromEntries(Object.entries(outer).filter(([name]) => inherited.includes(name))))
  const own: NginxLocation = { kind, path, rules, ...(modifier === '~*' && { insensitive: true as const }) }
  return [own, ...block.filter(({ name }) => name === 'location').flatMap((one) => locationOf(one, rules))]
}

function rulesOf(block: readonly Directive[], outer: NginxRules): NginxRules {
  const rules: Record<string, readonly string[]> = { ...outer }
  for (const { name, args, block: inner } of block) {
    if (inner || name === 'listen' || name === 'server_name') continue
    // Headers and error pages may be said many times; each is kept under a name of its own.
    const key = name === 'add_header' || name === 'error_page' ? `${name} ${args[0]}` : name
    if (name === 'return' && Object.hasOwn(rules, key)) continue
    rules[key] = args
  }
  return rules
}
