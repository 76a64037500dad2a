// Opens the built page in Chromium with large clusters, traces it while pods roll and while the camera moves, and tells
// how long its thread was busy at a time. Medians of five repeats.
import { chromium, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { preview } from 'vite'
import config from '../playwright.config.ts'
import { linkTo, shopText } from './page-scenes.ts'
import { judge, type Judged } from './page-trace.ts'

const repeats = Number(process.env.KUBECOSM_REPEATS ?? 5)
const asJson = process.argv.includes('--json')
const only = process.argv.includes('--only') ? new RegExp(process.argv[process.argv.indexOf('--only') + 1]!) : /./
const port = Number(process.env.KUBECOSM_PORT ?? 4187)
const origin = `http://127.0.0.1:${port}`
const loadLimitMs = 240_000

interface Scene {
  readonly name: string
  readonly nodes: number
  readonly pods: number
  /** Done before the trace. */
  prepare?(page: Page): Promise<void>
  run(page: Page): Promise<void>
}

/** The hand holds the canvas and goes round. */
async function pan(page: Page): Promise<void> {
  const box = (await page.locator('.react-flow__pane').boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 12]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let step = 0; step < 180; step++) {
    const angle = step / 12
    await page.mouse.move(x + 160 * Math.sin(angle), y + 90 * Math.cos(angle) - 90)
  }
  await page.mouse.up()
}

const scenes: readonly Scene[] = [
  {
    name: 'rolling-3000',
    nodes: 100,
    pods: 3000,
    prepare: (page) => page.getByRole('button', { name: 'Run', exact: true }).click(),
    async run(page) {
      await page.getByRole('region', { name: 'Manifests' }).getByRole('button', { name: 'Apply', exact: true }).click()
      await page.waitForTimeout(8_000)
    },
  },
  { name: 'panning-10000', nodes: 1000, pods: 10_000, run: pan },
]

const server = await preview({ preview: { port, host: '127.0.0.1', strictPort: true, open: false }, logLevel: 'error' })
const { executablePath, args } = config.use!.launchOptions!
const results = []
for (const scene of scenes.filter(({ name }) => only.test(name))) {
  const all: Judged[] = []
  for (let repeat = 0; repeat < repeats; repeat++) all.push(await traced(scene))
  const median = (pick: (one: Judged) => number) => all.map(pick).sort((a, b) => a - b)[all.length >> 1]!
  results.push({
    name: scene.name,
    longestTaskMs: round(median((one) => one.longestTaskMs)),
    medianFrameScriptMs: round(median((one) => one.medianFrameScriptMs)),
    slowFrameScriptMs: round(median((one) => one.slowFrameScriptMs)),
    framesPerSecond: Math.round(median((one) => one.framesPerSecond)),
  })
}
if (only.test('first-pod')) {
  const all: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) all.push(await firstPod())
  results.push({ name: 'first-pod', applyToFirstPodMs: round(all.sort((a, b) => a - b)[all.length >> 1]!) })
}
await server.close()
const summary = { scenes: results.map((one) => ({ ...one, firstLoadGzipKb: firstLoadKb() })) }
if (asJson) console.log(JSON.stringify(summary))
else console.table(summary.scenes)
process.exit(0)

async function traced(scene: Scene): Promise<Judged> {
  return inPage(linkTo(scene.nodes, scene.pods), async (page) => {
    const digits = String(scene.pods).replace(/(?=(\d{3})+$)\B/g, '\\D?')
    await page
      .getByText(new RegExp(`^${digits} pods$`))
      .first()
      .waitFor({ timeout: loadLimitMs })
    await page.locator('.monaco-editor .view-lines').waitFor({ timeout: loadLimitMs })
    await scene.prepare?.(page)
    await page.waitForTimeout(2_000)
    const session = await page.context().newCDPSession(page)
    const events: object[] = []
    session.on('Tracing.dataCollected', ({ value }) => events.push(...value))
    await session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      categories:
        'devtools.timeline,devtools.timeline.frame,toplevel,disabled-by-default-devtools.timeline,disabled-by-default-devtools.timeline.frame',
    })
    await scene.run(page)
    const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
    await session.send('Tracing.end')
    await done
    return judge(events)
  })
}

/** From the press on Apply until the first pod's tile is drawn. */
async function firstPod(): Promise<number> {
  return inPage('', async (page) => {
    await page.locator('.monaco-editor .view-lines').waitFor({ timeout: loadLimitMs })
    await page
      .getByRole('button', { name: /^Node .*Ready/ })
      .first()
      .waitFor()
    await page.locator('.monaco-editor .view-lines').click()
    await page.evaluate((text) => {
      const data = new DataTransfer()
      data.setData('text/plain', text)
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    }, shopText)
    await page.waitForTimeout(2_000)
    return page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.startsWith('Apply'))!
          const started = performance.now()
          const observer = new MutationObserver(() => {
            if (!document.querySelector('.pod[data-key*="web-"]')) return
            observer.disconnect()
            requestAnimationFrame(() => resolve(performance.now() - started))
          })
          observer.observe(document.body, { childList: true, subtree: true })
          button.click()
        }),
    )
  })
}

async function inPage<T>(fragment: string, run: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: args ?? [] })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(`${origin}/${fragment && `#${fragment}`}`)
    return await run(page)
  } finally {
    await browser.close()
  }
}

/** Scripts that the page's HTML names, gzipped: what a first visit loads before the editor. */
function firstLoadKb(): number {
  const html = readFileSync('dist/index.html', 'utf8')
  const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => `dist/${match[1]}`)
  return round(files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) / 1000)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
