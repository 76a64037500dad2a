import { randomBytes } from 'node:crypto'
import { makeServerCertificate, type ServerCertificate } from './certificates.ts'
import { readIfThere, writeWhole } from './files.ts'

/** By what a client knows the server, and the server its administrator. */
export interface Credentials extends ServerCertificate {
  readonly token: string
  readonly hosts: readonly string[]
}

/**
 * New credentials for these hosts, or those of an earlier run, so that clients that were connected come back. Throws when
 * the file holds something else.
 */
export async function credentialsFor(hosts: readonly string[], file: string | undefined): Promise<Credentials> {
  const text = file && readIfThere(file)
  if (text) {
    const kept = readCredentials(text, file)
    if (hosts.every((host) => kept.hosts.includes(host))) return kept
  }
  const made = { ...(await makeServerCertificate(hosts)), token: randomBytes(24).toString('hex'), hosts }
  if (file) writeWhole(file, JSON.stringify(made))
  return made
}

function readCredentials(text: string, file: string): Credentials {
  try {
    const value = JSON.parse(text)
    const isWhole = ['authority', 'certificate', 'key', 'token'].every((name) => typeof value[name] === 'string')
    if (isWhole && Array.isArray(value.hosts)) return value
  } catch {
    // Said below.
  }
  throw new Error(`${file} holds no credentials of kubecosm; move it away and new ones are made`)
}

/** A kubeconfig for the administrator, as JSON, which is YAML. */
export function kubeconfigText(server: string, { authority, token }: Credentials): string {
  const cluster = { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') }
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'kubecosm', cluster }],
      users: [{ name: 'kubecosm-admin', user: { token } }],
      contexts: [{ name: 'kubecosm', context: { cluster: 'kubecosm', user: 'kubecosm-admin', namespace: 'default' } }],
      'current-context': 'kubecosm',
    },
    null,
    2,
  )}\n`
}
