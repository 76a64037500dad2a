import type { Capacity } from './node-summary.ts'

/** Track: allocatable; band: requested; core: used; tick: limits, warm when they exceed the node. */
export function CapacityBar({ label, capacity, value }: { label: string; capacity: Capacity; value: string }) {
  const part = (amount: number) => (capacity.allocatable ? Math.min(100, (amount / capacity.allocatable) * 100) : 0)
  const isHot = capacity.used > capacity.allocatable * 0.9
  return (
    <div className="cap">
      <span>{label}</span>
      <div className={isHot ? 'bar hot' : 'bar'}>
        <i className="rq" style={{ width: `${part(capacity.requested)}%` }} />
        <i className="us" style={{ width: `${part(capacity.used)}%` }} />
        {capacity.limits > 0 && (
          <i
            className={capacity.limits > capacity.allocatable ? 'lm over' : 'lm'}
            style={{ left: `${part(capacity.limits)}%` }}
          />
        )}
      </div>
      <span className="v">{value}</span>
    </div>
  )
}
