import { describe, expect, test } from 'vitest'

import { toSessionKey } from '../../../src/exchange/request/session-key.ts'

const session = new Headers({ 'x-claude-code-session-id': 'one-session' })
const user = { metadata: { user_id: 'one-user' } }

describe('the session key of a conversation', () => {
  test('the session key of a conversation is the same for each request of a key and session, and reveals neither', async () => {
    const name = await toSessionKey('key-a', session, user)
    expect(name).toMatch(/^[0-9a-f]{32}$/)
    expect(await toSessionKey('key-a', session, {})).toBe(name)
  })

  test('the session key of a conversation differs for another key with the same session or user', async () => {
    const names = await Promise.all(
      ['key-a', 'key-b'].flatMap((key) => [
        toSessionKey(key, session, {}),
        toSessionKey(key, new Headers(), user),
      ]),
    )
    expect(new Set(names).size).toBe(4)
  })

  test('the session key of a conversation does not exist if the client sends neither session nor user', async () => {
    expect(await toSessionKey('key-a', new Headers(), {})).toBeUndefined()
    expect(await toSessionKey('key-a', new Headers(), { metadata: null })).toBeUndefined()
  })
})
