import { cpuSeconds } from './measure.ts'
import { runOurs } from './peer-ours.ts'

const sizes = JSON.parse(process.argv[2] ?? '[]') as [number, number][]
console.log(JSON.stringify(sizes.map(([nodes, pods]) => cpuSeconds(() => void runOurs(nodes, pods)))))
