import { invalid, required, type FieldError } from '../../machinery/field-errors.ts'
import { isDns1123Subdomain, isIp } from '../../machinery/names.ts'

const maxNameservers = 3
const maxSearches = 32
const maxSearchCharacters = 2048
export const ipText = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

/** Upstream: validatePodDNSConfig. */
export function validateDns({ dnsPolicy, dnsConfig }: any, field: string, errors: FieldError[]): void {
  const at = `${field}.dnsConfig`
  if (dnsPolicy === 'None') {
    if (!dnsConfig) errors.push(required(at, 'must provide `dnsConfig` when `dnsPolicy` is None'))
    else if (!dnsConfig.nameservers?.length)
      errors.push(required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'))
  }
  if (!dnsConfig) return
  const { nameservers = [], searches = [], options = [] } = dnsConfig
  if (nameservers.length > maxNameservers)
    errors.push(invalid(`${at}.nameservers`, nameservers, `must not have more than ${maxNameservers} nameservers`))
  for (const [index, server] of nameservers.entries())
    if (!isIp(server)) errors.push(invalid(`${at}.nameservers[${index}]`, server, ipText))
  if (searches.length > maxSearches)
    errors.push(invalid(`${at}.searches`, searches, `must not have more than ${maxSearches} search paths`))
  if (searches.join(' ').length > maxSearchCharacters)
    errors.push(
      invalid(
        `${at}.searches`,
        searches,
        `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`,
      ),
    )
  for (const [index, search] of searches.entries())
    for (const message of search === '.' ? [] : isDns1123Subdomain(search.replace(/\.$/, '')))
      errors.push(invalid(`${at}.searches[${index}]`, search, message))
  for (const [index, option] of options.entries())
    if (!option.name) errors.push(required(`${at}.options[${index}]`, 'must not be empty'))
}
