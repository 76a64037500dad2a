import type { ReactNode } from 'react'

/** A titled part of a tab. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section>
      <h3 className="sec">
        {title}
        <span className="grow" />
        {aside}
      </h3>
      {children}
    </section>
  )
}
