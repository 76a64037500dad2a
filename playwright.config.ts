import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const port = Number(process.env.KUBECOSM_PORT ?? 4179)

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** An environment variable first, then the usual paths; undefined leaves it to Playwright's own install. */
function findChromium(): string | undefined {
  return process.env.KUBECOSM_CHROMIUM ?? usualPaths.find((path) => existsSync(path))
}

export default defineConfig({
  testDir: 'e2e',
  // The built page simulates in a worker of its own: two pages at once would only slow each other down.
  workers: 1,
  timeout: 120_000,
  expect: {
    timeout: 20_000,
    // Another build of Chromium smooths letters otherwise; what moved or changed its colour is more than that.
    toHaveScreenshot: { maxDiffPixelRatio: 0.02, animations: 'disabled' },
  },
  snapshotPathTemplate: 'e2e/pictures/{arg}{ext}',
  forbidOnly: !!process.env.CI,
  reporter: [['list'], ['json', { outputFile: '.cache/playwright.json' }]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'chromium', testIgnore: /screenshots\.spec/ },
    { name: 'screenshots', testMatch: /screenshots\.spec/ },
  ],
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort --open false`,
    url: `http://127.0.0.1:${port}`,
    reuseExistingServer: false,
  },
})
