/** What is not said follows from what is. Upstream: pkg/apis/core/v1, SetDefaults_LimitRangeItem. */
export function applyLimitDefaults(limit: any): void {
  const { max = {}, min = {} } = limit
  // The default from the maximum …
  if (Object.keys(max).length > 0) limit.default = { ...max, ...limit.default }
  // … the request from the default, or else from the minimum.
  const requests: Record<string, string> = { ...min, ...limit.default, ...limit.defaultRequest }
  if (Object.keys(requests).length > 0) limit.defaultRequest = requests
}
