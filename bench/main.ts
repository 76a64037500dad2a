import { benches, type BenchResult } from './benches.ts'

const only = process.argv.indexOf('--only')
const pattern = only > 0 ? new RegExp(process.argv[only + 1] ?? '') : /./
const results: BenchResult[] = []
for (const bench of benches) if (pattern.test(bench.name)) results.push(...bench.run())
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ benches: results }))
} else {
  for (const { name, unit, value, note } of results)
    console.log(`${name.padEnd(40)} ${String(value).padStart(9)} ${unit}${note ? `  (${note})` : ''}`)
}
