/** The steps of a grant, with a clock that tests move. */
import { describe, expect, test } from 'vitest'

import { Attempts, attemptLimits, toNetwork } from '../../../src/identity/grants/attempts.ts'
import { BrowserFlow } from '../../../src/identity/grants/browser-flow.ts'
import { DeviceGrant } from '../../../src/identity/grants/device-grant.ts'
import { mintUserCode, readUserCode, showUserCode } from '../../../src/identity/grants/user-code.ts'
import { createMemoryStore } from './memory-store.ts'

const client = { surface: 'claude_code', agent: '', address: '', country: '' }
const person = { issuer: 'https://id.example', subject: 'ada', groups: [] }

function openGrant() {
  const grant = new DeviceGrant(createMemoryStore())
  grant.open('hash', client, 0)
  return grant
}

describe('a grant', () => {
  test('a grant is given once', () => {
    const grant = openGrant()
    expect(grant.decide(person, 1000)).toBe(true)
    expect(grant.poll('hash', 2000)).toEqual({ approvedBy: person, client })
    expect(grant.poll('hash', 9000)).toBe('invalid_grant')
  })

  test('a grant expires after ten minutes, for the client and for who would approve it', () => {
    const grant = openGrant()
    expect(grant.pending(599_999)).toEqual({ client, createdAt: 0 })
    expect(grant.pending(600_000)).toBeUndefined()
    expect(grant.decide(person, 600_000)).toBe(false)
    expect(grant.poll('hash', 600_000)).toBe('expired_token')
  })

  test('a grant expires after ten minutes also when it was approved', () => {
    const grant = openGrant()
    grant.decide(person, 1000)
    expect(grant.poll('hash', 600_000)).toBe('expired_token')
  })

  test('a grant is decided once', () => {
    const grant = openGrant()
    expect(grant.decide(undefined, 1000)).toBe(true)
    expect(grant.decide(person, 2000)).toBe(false)
    expect(grant.poll('hash', 3000)).toBe('access_denied')
  })

  test('a grant keeps its user code until it has expired', () => {
    const grant = openGrant()
    expect(grant.open('other', client, 1000)).toBe(false)
    expect(grant.open('other', client, 600_000)).toBe(true)
  })

  test('a grant makes a client that polls too early wait 5 seconds longer each time', () => {
    const grant = openGrant()
    const poll = (seconds: number): unknown => grant.poll('hash', seconds * 1000)
    expect([poll(0), poll(5), poll(6)]).toEqual([
      'authorization_pending',
      'authorization_pending',
      'slow_down',
    ])
    expect([poll(14), poll(29), poll(44)]).toEqual([
      'slow_down',
      'authorization_pending',
      'authorization_pending',
    ])
  })
})

describe('a sign-in in a browser', () => {
  const handshake = { provider: 'local', state: 's', nonce: 'n', verifier: 'v' }

  function openFlow() {
    const flow = new BrowserFlow(createMemoryStore())
    flow.open('hash', { device: 'BBBBBBBB' }, { handshake }, 0)
    return flow
  }

  test('a sign-in in a browser gives its handshake once, to its own cookie and state', () => {
    const flow = openFlow()
    expect(flow.takeHandshake('other', 's', 1)).toBeUndefined()
    expect(flow.takeHandshake('hash', 'other', 1)).toBeUndefined()
    expect(flow.takeHandshake('hash', 's', 1)).toEqual(handshake)
    expect(flow.takeHandshake('hash', 's', 1)).toBeUndefined()
  })

  test('a sign-in in a browser belongs to no person before the provider has named one, and ends after ten minutes', () => {
    const flow = openFlow()
    expect(flow.signedIn('hash', 1)).toBeUndefined()
    expect(flow.identify('hash', person, 2)).toEqual({ device: 'BBBBBBBB' })
    expect(flow.signedIn('hash', 599_999)).toEqual({ person, purpose: { device: 'BBBBBBBB' } })
    expect(flow.signedIn('other', 3)).toBeUndefined()
    expect(flow.signedIn('hash', 600_000)).toBeUndefined()
  })
})

describe('attempts', () => {
  test('attempts to sign in are bounded for ten minutes after the first, and a successful one does not count', () => {
    const attempts = new Attempts(createMemoryStore())
    const begin = (now: number): boolean => attempts.begin('code', now)
    begin(0)
    attempts.takeBack('code')
    const made = Array.from({ length: attemptLimits.code + 1 }, (_, index) => begin(index))
    expect(made).toEqual([...Array.from({ length: attemptLimits.code }, () => true), false])
    expect([begin(599_999), begin(600_000)]).toEqual([false, true])
  })

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['', 'unknown'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('attempts of %s are counted for %s', (address, network) => {
    expect(toNetwork(address)).toBe(network)
  })
})

describe('a user code', () => {
  test('a user code is read whatever its case, spaces and dashes', () => {
    const code = mintUserCode()
    const shown = showUserCode(code)
    expect(readUserCode(` ${shown.toLowerCase()} `)).toBe(code)
    expect(readUserCode(shown.replace('-', ' '))).toBe(code)
  })

  test.each(['', 'BBBB', 'BBBB-BBBBB', 'AEIO-UAEI'])('a user code is not %s', (typed) => {
    expect(readUserCode(typed)).toBeUndefined()
  })
})
