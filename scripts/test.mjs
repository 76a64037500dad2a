// Runs what is to be tested, shortest first, and closes with one line: `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'

const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
const reports = { vitest: '.cache/vitest.json', playwright: '.cache/playwright.json' }
mkdirSync('.cache', { recursive: true })
for (const report of Object.values(reports)) rmSync(report, { force: true })

/** Exit code of a command whose output goes straight to the terminal. */
const run = (...args) => spawnSync(npx, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1

/** A report as JSON, or null where the runner died before it wrote one. */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

let failed = 0
let passed = 0

const unit = run('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${reports.vitest}`)
const unitReport = read(reports.vitest)
passed += unitReport?.numPassedTests ?? 0
failed += unitReport?.numFailedTests ?? 0
// A file that does not even load is a failed suite without failed tests.
if (unit !== 0 && !unitReport?.numFailedTests) failed += 1

if (run('vite', 'build') !== 0) {
  console.error('The page does not build, so the browser tests did not run.')
  failed += 1
} else {
  const browser = run('playwright', 'test', '--project=chromium')
  const stats = read(reports.playwright)?.stats
  passed += (stats?.expected ?? 0) + (stats?.flaky ?? 0)
  failed += stats?.unexpected ?? 0
  if (browser !== 0 && !stats?.unexpected) failed += 1
}

console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
