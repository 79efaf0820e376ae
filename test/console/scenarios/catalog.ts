import assert from 'node:assert/strict'

import type { Page } from 'playwright-core'

import type { Scenario } from './scenario.ts'
import { ask, asOperator } from './scenario.ts'

/** The editor, which is in a shadow root. */
function editorOf(page: Page) {
  return page.locator('.cm-content')
}

/** Replaces the text, as a paste would. */
async function replaceText(page: Page, change: (text: string) => string): Promise<void> {
  const area = page.locator('textarea[name=text]')
  await editorOf(page).focus()
  const text = change(await area.inputValue())
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
}

export const checkCatalog: readonly Scenario[] = [
  {
    name: 'a fault of the catalog is shown at its line, and a valid change is described, pushed and rolled back',
    run: (tools) =>
      asOperator(tools, async (page) => {
        await page.goto('/console/catalog')
        await editorOf(page).waitFor()
        await replaceText(page, (text) =>
          text.replace('"preset": "demo" }', '"preset": "nowhere" }'),
        )
        await page.getByRole('button', { name: 'Line 5' }).waitFor()
        assert.match(await page.locator('.faults').innerText(), /providers\.demo\.preset/)
        assert.equal(await page.locator('.cm-fault').count(), 1)

        await replaceText(page, (text) =>
          text
            .replace('"preset": "nowhere" }', '"preset": "demo" }')
            .replace('"aliases": {', '"aliases": {\n    "my-model": "claude-demo",'),
        )
        await page.getByText('Alias my-model is added and resolves to claude-demo.').waitFor()
        assert.match(
          await page.getByLabel('Differences').innerText(),
          /\+ .*"my-model": "claude-demo",/,
        )
        await page.getByLabel('Note').fill('an alias')
        await page.getByRole('button', { name: 'Push' }).click()
        await page.getByText(/Version \d+ is written/).waitFor()
        assert.equal(await ask(tools.gateway, tools.gateway.key, 'my-model'), 200)

        await page
          .getByRole('button', { name: /Roll back to version/ })
          .first()
          .click()
        await page.getByText(/Version \d+ is written/).waitFor()
        assert.equal(await ask(tools.gateway, tools.gateway.key, 'my-model'), 404)
      }),
  },
  {
    name: 'a push is refused if the catalog has been changed since it was opened, and the text is kept',
    run: (tools) =>
      asOperator(tools, async (page) => {
        await page.goto('/console/catalog')
        await editorOf(page).waitFor()
        const other = await page.context().newPage()
        await other.goto('/console/catalog')
        for (const [window, name] of [
          [other, 'first'],
          [page, 'second'],
        ] as const) {
          await replaceText(window, (text) =>
            text.replace('"aliases": {', `"aliases": {\n    "${name}": "claude-demo",`),
          )
          await window.getByText(`Alias ${name} is added`).waitFor()
          await window.getByRole('button', { name: 'Push' }).click()
        }
        await page.getByText('has been changed since you read it').waitFor()
        assert.match(await page.locator('textarea[name=text]').inputValue(), /"second"/)
        await other
          .getByRole('button', { name: /Roll back to version/ })
          .first()
          .click()
        await other.getByText(/Version \d+ is written/).waitFor()
      }),
  },
]
