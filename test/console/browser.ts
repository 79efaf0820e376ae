/** A browser that watches what pages must not do: break their policy, throw, or ask other hosts. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { chromium } from 'playwright-core'

/** Chromium of the system; nothing is downloaded. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export interface Watched {
  context: BrowserContext
  page: Page
  /** What pages did that they must not. */
  faults: string[]
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

export interface Look {
  scheme?: 'light' | 'dark'
  javaScript?: boolean
  width?: number
  height?: number
}

/** Opens a window without cookies. */
export async function openWindow(
  browser: Browser,
  origin: string,
  { scheme = 'light', javaScript = true, width = 1280, height = 900 }: Look = {},
): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: javaScript,
    permissions: javaScript ? ['clipboard-read', 'clipboard-write'] : [],
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(`${page.url()} threw: ${message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (?:4\d\d)/.test(message.text())) {
      faults.push(`${page.url()} logged: ${message.text()}`)
    }
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('data:')) {
      faults.push(`${page.url()} asked ${url}`)
    }
  })
  return { context, page, faults }
}

/** The text that a page has copied. */
export async function readClipboard(page: Page): Promise<string> {
  return String(await page.evaluate('navigator.clipboard.readText()'))
}

/** The serious violations of accessibility on a page, one line each. */
export async function findViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => {
        const why = (failureSummary ?? '').split('\n')[1]?.trim() ?? ''
        return `${id} at ${target.join(' ')}: ${why}`
      }),
    )
}
