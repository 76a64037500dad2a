import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const mostRows = 60

export interface Row {
  readonly key: string
  readonly cells: readonly ReactNode[]
}

/** A small table of an overview; a long one shows its beginning and says how much more there is. */
export function Table({ label, columns, rows }: { label: string; columns: readonly string[]; rows: readonly Row[] }) {
  const { t } = useTranslation()
  const more = rows.length - mostRows
  return (
    <div className="table-box">
      <table className="grid" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                <td key={columns[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="faint">{t('inspector.andMore', { count: more })}</p>}
    </div>
  )
}
