import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { splitKey } from '../../../machinery/objects.ts'
import { clusterStore, useCluster } from '../../state/cluster-store.ts'
import { formatBytes } from '../../graph/node-summary.ts'
import type { Amounts } from '../../graph/pod-view.ts'
import type { Selection } from '../../state/page-store.ts'
import { request } from '../../state/session.ts'
import { Section } from '../Section.tsx'
import { Chart } from './Chart.tsx'
import { addSample, samplesOf, type Sample } from './samples.ts'
import './usage.css'

const everyMs = 1000

interface Bounds {
  readonly requests: Amounts
  readonly limits: Amounts
  /** What there is at all: of a node. */
  readonly allocatable?: Amounts
}

/** CPU and memory over the time that was looked at: used against requested and limit. */
export function Usage({ selection, bounds }: { selection: Selection; bounds: Bounds }) {
  const { t } = useTranslation()
  const samples = useSamples(selection)
  const { requests, limits, allocatable } = bounds
  if (samples.length === 0) return null
  return (
    <Section title={t('inspect.usage')} aside={<span className="plain">{t('inspect.usageLegend')}</span>}>
      <Chart
        name="CPU"
        samples={samples}
        valueOf={cpuOf}
        format={coresText}
        requested={requests.milliCPU}
        limit={limits.milliCPU || (allocatable?.milliCPU ?? 0)}
        isWhole={allocatable !== undefined}
      />
      <Chart
        name={t('inspect.memory')}
        samples={samples}
        valueOf={memoryOf}
        format={formatBytes}
        requested={requests.memoryBytes}
        limit={limits.memoryBytes || (allocatable?.memoryBytes ?? 0)}
        isWhole={allocatable !== undefined}
        steps={binarySteps}
      />
    </Section>
  )
}

const binarySteps = Array.from({ length: 26 }, (_, power) => 2 ** (power + 18))
const cpuOf = ({ milliCPU }: Sample) => milliCPU
const memoryOf = ({ memoryBytes }: Sample) => memoryBytes

function coresText(milliCPU: number): string {
  return milliCPU < 1000 ? `${Math.round(milliCPU)}m` : String(Math.round(milliCPU / 10) / 100)
}

/** Asks while it is looked at, at most once a second and not while time stands still. */
function useSamples({ resource, key }: Selection): readonly Sample[] {
  const world = useCluster((state) => state.world)
  const id = `${world} ${resource} ${key}`
  const [shown, setShown] = useState<{ readonly id: string; readonly samples: readonly Sample[] }>()
  useEffect(() => {
    let isOpen = true
    let timer: ReturnType<typeof setTimeout> | undefined
    let asked = -1
    const ask = async () => {
      const { now } = clusterStore.getState().clock
      if (now !== asked && !document.hidden) {
        asked = now
        const answer = await request<'usage'>({ type: 'usage', resource, ...splitKey(key) }).catch(() => null)
        if (!isOpen) return
        if (answer?.usage) setShown({ id, samples: addSample(id, answer.usage) })
      }
      timer = setTimeout(() => void ask(), everyMs)
    }
    void ask()
    return () => {
      isOpen = false
      clearTimeout(timer)
    }
  }, [id, resource, key])
  return shown?.id === id ? shown.samples : samplesOf(id)
}
