/** `npm start -- --sign-in`: sign-in as somebody tries it who has no provider. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { Browser } from '../identity/sign-in/browser.ts'
import type { Device } from '../identity/sign-in/harness.ts'
import { startGateway } from './run.ts'

test('a person who is chosen at the demo provider gets a key', { timeout: 60_000 }, async () => {
  const state = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  const { url, terminate } = await startGateway('--sign-in', '--state', state)
  const post = (path: string, form: Record<string, string>): Promise<Response> =>
    fetch(url + path, { method: 'POST', body: new URLSearchParams(form) })
  try {
    const device = await (await post('/oauth/device_authorization', {})).json<Device>()
    const browser = new Browser()
    const form = await browser.open(device.verification_uri_complete)
    const choice = await browser.post(form, { user_code: device.user_code, provider: 'demo' })
    const link = /href="([^"]+login=ada[^"]*)"/.exec(choice.html)?.[1] ?? ''
    const page = await browser.open(new URL(link.replaceAll('&amp;', '&'), choice.url).href)
    await browser.post(page, { decision: 'approve' })
    const tokens = await post('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
    })
    const { email, access_token: key } = await tokens.json<{
      email: string
      access_token: string
    }>()
    expect(email).toBe('ada@example.com')
    // She is an operator.
    const keys = await fetch(`${url}/v1/organizations/people`, { headers: { 'x-api-key': key } })
    expect(keys.status).toBe(200)
  } finally {
    await terminate()
    await rm(state, { recursive: true, force: true })
  }
})
