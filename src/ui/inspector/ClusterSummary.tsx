import { useTranslation } from 'react-i18next'
import { Icon } from '../design/Icon.tsx'
import { usePodCounts, usePodTotal } from '../graph/live-pods.ts'
import { podLooks, podStateOrder } from '../graph/pod-states.ts'
import type { ClusterState } from '../state/cluster-store.ts'
import { select } from '../state/page-store.ts'
import { standOuts } from './stand-outs.ts'
import { useSlowly } from './use-slowly.ts'

/** The cluster as a whole: pods by state, nodes, and what stands out. */
export function ClusterSummary() {
  const { t } = useTranslation()
  const counts = usePodCounts()
  const total = usePodTotal()
  const states = podStateOrder.filter((state) => counts.get(state))
  return (
    <div className="inspector">
      <header className="ihead">
        <h2 className="n">{t('inspector.podTotal', { count: total })}</h2>
        <p className="faint">{t('inspector.chooseHint')}</p>
      </header>
      <div className="body">
        {total > 0 && (
          <div className="bystate" aria-hidden="true">
            {states.map((state) => {
              const { tone, quiet } = podLooks[state]
              return (
                <i
                  key={state}
                  style={{ flex: counts.get(state), background: `var(--${tone}-fill)`, opacity: quiet ? 0.5 : 1 }}
                />
              )
            })}
          </div>
        )}
        <ul className="states">
          {states.map((state) => {
            const { tone, cell, quiet } = podLooks[state]
            return (
              <li key={state}>
                <i
                  className={`cell k-${tone} ${cell === 'disc' ? 'arc' : cell} ${quiet ? 'q' : ''}`}
                  aria-hidden="true"
                />
                {state}
                <span className="grow" />
                <span className={quiet ? 'dim' : undefined}>{counts.get(state)}</span>
              </li>
            )
          })}
        </ul>
        <Nodes />
        <StandOuts />
      </div>
    </div>
  )
}

function Nodes() {
  const { t } = useTranslation()
  const nodes = useSlowly('nodes', 'nodes', nodeStates)
  if (!nodes.length) return null
  const mostShown = 12
  return (
    <section>
      <h3 className="sec">{t('inspector.nodes', { count: nodes.length })}</h3>
      <ul className="rows">
        {nodes.slice(0, mostShown).map((text) => {
          const [name = '', state = ''] = text.split(' ')
          return (
            <li key={name}>
              <button type="button" className="pod-row" onClick={() => select({ resource: 'nodes', key: name })}>
                <Icon name="node" size={13} className={state === 'NotReady' ? 'c-warn' : 'faint'} />
                {name}
                <span className="grow" />
                <span className={state === 'NotReady' ? 'c-warn' : 'faint'}>{state}</span>
              </button>
            </li>
          )
        })}
        {nodes.length > mostShown && (
          <li className="faint">{t('inspector.andMore', { count: nodes.length - mostShown })}</li>
        )}
      </ul>
    </section>
  )
}

/** `node-1 Ready`, of each node. */
function nodeStates({ resources }: ClusterState): readonly string[] {
  return [...(resources.nodes?.byKey ?? [])].map(([key, node]) => {
    const ready = node.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True')
    return `${key} ${ready ? (node.spec?.unschedulable ? 'Cordoned' : 'Ready') : 'NotReady'}`
  })
}

function StandOuts() {
  const { t } = useTranslation()
  const found = useSlowly('stand-outs', 'pods nodes', standOuts)
  if (!found.length) return null
  return (
    <section>
      <h3 className="sec">{t('inspector.standsOut')}</h3>
      <ul className="standouts">
        {found.map(({ key, name, count, more, resource, objectKey }) => {
          return (
            <li key={`${key} ${name}`}>
              <button type="button" className="standout" onClick={() => select({ resource, key: objectKey })}>
                <Icon name={icons[key][0]} size={16} className={`c-${icons[key][1]}`} />
                <span>
                  <b>{t(`inspector.standOut.${key}`, { name, count })}</b>
                  {more && <span className="faint more">{more}</span>}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const icons = {
  nodeLost: ['node', 'warn'],
  failing: ['s-crash', 'fail'],
  waiting: ['scheduler', 'wait'],
  notReady: ['s-notready', 'warn'],
} as const
