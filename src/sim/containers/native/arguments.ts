import type { System } from '../kernel/types.ts'

/** The value of an option, however it is written: `--name=value`, `--name value`, `-name=value`, `-name value`. */
export function flagged(argv: readonly string[], names: readonly string[]): string | undefined {
  for (let at = 1; at < argv.length; at++) {
    const match = /^--?([\w.-]+)(?:=([^]*))?$/.exec(argv[at]!)
    if (match && names.includes(match[1]!)) return match[2] ?? argv[at + 1]
  }
  return undefined
}

const portNames =
  'port p P http-port http_port listen listen-address listen-port web.listen-address web.port addr address http-address http-addr bind-address bind serve-port server.port httpPort'.split(
    ' ',
  )

/** The port that a command line or the variable PORT asks for. */
export function askedPort({ process: { argv, env } }: System): number | undefined {
  for (const name of portNames) {
    const port = portIn(flagged(argv, [name]))
    if (port !== undefined) return port
  }
  return portIn(env['PORT'])
}

function portIn(text: string | undefined): number | undefined {
  const match = /(?:^|:)(\d{1,5})$/.exec(text ?? '')
  const port = match ? Number(match[1]) : 0
  return port > 0 && port < 65536 ? port : undefined
}
