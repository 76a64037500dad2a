import { expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

type Scenario = typeof import('../src/sim/testing/scenario.ts')

const seeds = [1, 22, 333]

/** The core and its scenarios as one script that defines `scenario`. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../src/sim/testing/scenario.ts', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'scenario',
    target: 'es2023',
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

test('the same seed and inputs give the same trace in Node and in Chromium', async ({ page }) => {
  const source = await bundle()
  const inNode = new Function(`${source}; return scenario`)() as Scenario
  await page.goto('about:blank')
  await page.addScriptTag({ content: source })
  for (const seed of seeds) {
    const inPage = await page.evaluate((one) => {
      const { scenario } = globalThis as unknown as { scenario: Scenario }
      return scenario.traceHash(scenario.runScenario(one, 10))
    }, seed)
    expect(inPage, `seed ${seed}`).toBe(inNode.traceHash(inNode.runScenario(seed, 10)))
  }
  expect(new Set(seeds.map((seed) => inNode.traceHash(inNode.runScenario(seed, 10)))).size).toBe(seeds.length)
})
