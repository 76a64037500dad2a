import { cpuSeconds } from './benches.ts'
import { runOurs } from './peer-ours.ts'

const [nodes, pods] = process.argv.slice(2).map(Number)
console.log(JSON.stringify({ cpuSeconds: cpuSeconds(() => void runOurs(nodes!, pods!)) }))
