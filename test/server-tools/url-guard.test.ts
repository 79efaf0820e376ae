import { describe, expect, test } from 'vitest'

import { isPublicAddress } from '../../src/server-tools/fetch/public-address.ts'
import { guardUrl } from '../../src/server-tools/fetch/url-guard.ts'

const ownHosts = new Set(['gateway.example.com', 'models.example.com'])
const guard = (url: string) => guardUrl(url, ownHosts)

describe('the guard of web fetch', () => {
  test.each([
    'https://example.com/',
    'http://example.com:80/page?q=1',
    'https://example.com:443/',
    'HTTPS://EXAMPLE.COM/Page',
    'https://bücher.example.com/',
    'https://example.com./page',
  ])('web fetch accepts the URL %s', (url) => {
    expect(guard(url)).toHaveProperty('url')
  })

  test.each([
    // Addresses, however they are written.
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://①②⑦.⓪.⓪.①/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://8.8.8.8/',
    // Names that are not on the public internet.
    'http://localhost/',
    'http://localhost./',
    'http://LOCALHOST/',
    'http://app.localhost/',
    'http://intranet/',
    'http://printer.local/',
    'http://db.internal/',
    'http://metadata.google.internal/',
    'http://nas.home.arpa/',
    'http://router.lan/',
    'http://hidden.onion/',
    'http://a..example.com/',
    'http://example.com../',
    // Credentials, other ports and other schemes.
    'http://user@example.com/',
    'http://user:password@example.com/',
    'http://example.com@127.0.0.1/',
    'http://example.com:8080/',
    'https://example.com:22/',
    'ftp://example.com/',
    'FiLe:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,hello',
    'gopher://example.com/',
    // The gateway and its providers.
    'https://gateway.example.com/v1/models',
    'https://GATEWAY.example.com./',
    'https://models.example.com/',
  ])('web fetch rejects the URL %s', (url) => {
    expect(guard(url)).toEqual({ error: 'url_not_allowed' })
  })

  test('web fetch reports URLs that are too long or invalid', () => {
    expect(guard(`https://example.com/${'a'.repeat(250)}`)).toEqual({ error: 'url_too_long' })
    expect(guard('no url')).toEqual({ error: 'invalid_tool_input' })
    expect(guard('http://%31%32%37.0.0.999/')).toEqual({ error: 'invalid_tool_input' })
  })
})

describe('an address', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '2606:4700::1111', '2a00::1'])(
    'the address %s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.5',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2001:0:1::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    'example.com',
    '999.1.1.1',
    '',
  ])('the address %s is not public', (address) => expect(isPublicAddress(address)).toBe(false))
})
