import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { startFarCanvas } from './far-canvas.ts'
import { FarNode } from './FarNode.tsx'
import type { Layout } from './layout.ts'

/** All nodes of a large cluster as one picture, while they are far away, under what can be pointed at. */
export function FarLayer({ places }: { places: Layout }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const flow = useStoreApi()
  useEffect(() => startFarCanvas(canvas.current!, flow, places), [places, flow])
  return (
    <>
      <canvas ref={canvas} className="far-layer" aria-hidden="true" />
      {[...places.nodes].map(([name, rect]) => (
        <FarNode key={name} name={name} rect={rect} />
      ))}
    </>
  )
}
