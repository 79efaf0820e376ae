import assert from 'node:assert/strict'

import { readClipboard } from '../browser.ts'
import type { Scenario } from './scenario.ts'
import { asOperator } from './scenario.ts'

export const checkPlayground: readonly Scenario[] = [
  {
    name: 'the playground streams an answer with thinking, says what was adapted, and copies the request',
    run: (tools) =>
      asOperator(tools, async (page) => {
        await page.goto('/console/playground')
        await page.getByLabel('Thinking').selectOption('1024')
        await page.getByLabel('Your message').fill('Reply with exactly: a stream')
        await page.getByLabel('Your message').press('Control+Enter')
        await page.getByText(/status 200 · end_turn · first content \d+ ms/).waitFor()
        assert.match(await page.locator('.turn.assistant').innerText(), /a stream/)
        assert.equal(
          await page.locator('.turn.assistant summary', { hasText: 'Thinking' }).count(),
          1,
        )
        const facts = await page.locator('.facts-line').innerText()
        assert.match(facts, /by demo\/demo/)
        assert.match(facts, /request req_/)
        assert.match((await page.locator('.raw code').textContent()) ?? '', /event: message_stop/)

        await page.getByLabel('Your message').fill('Reply with exactly: the second')
        await page.getByRole('button', { name: 'Send' }).click()
        await page.getByText('the second').nth(1).waitFor()
        for (const [choice, sign] of [
          ['curl', /^curl http/],
          ['python', /client\.messages\.create/],
          ['typescript', /new Anthropic/],
        ] as const) {
          await page.getByLabel('Copy as').selectOption(choice)
          await page.getByText('Copied, including the conversation so far').waitFor()
          assert.match(await readClipboard(page), sign)
        }
      }),
  },
  {
    name: 'the playground shows calls of tools, and errors in the words of the gateway',
    run: (tools) =>
      asOperator(tools, async (page) => {
        await page.goto('/console/playground')
        await page.getByText('Tools and structured output').click()
        const tool = {
          name: 'get_weather',
          input_schema: { type: 'object', properties: { city: { type: 'string' } } },
        }
        await page.getByLabel('Tools, a JSON list').fill(JSON.stringify([tool]))
        await page
          .getByLabel('Your message')
          .fill('Use the get_weather tool with this input: {"city": "Paris"}')
        await page.getByRole('button', { name: 'Send' }).click()
        await page.getByText('tool use: get_weather').waitFor()
        await page.getByLabel('Tools, a JSON list').fill('[{"name":')
        await page.getByLabel('Your message').fill('again')
        await page.getByRole('button', { name: 'Send' }).click()
        await page.getByText(/^Tools: /).waitFor()
      }),
  },
]
