import { useCluster } from '../state/cluster-store.ts'
import { noRequests, sampleRate, type RequestRate } from './request-rate.ts'

let rate = noRequests

/** The API server's requests a second of virtual time. */
export function useRequestRate(): RequestRate {
  return useCluster(({ clock, controlPlane }) => {
    rate = sampleRate(rate, clock.now, controlPlane?.requests ?? 0)
    return rate
  })
}
