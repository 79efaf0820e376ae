import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { toErrorReply } from '../../../src/anthropic/error-reply.ts'
import { GatewayError } from '../../../src/anthropic/error.ts'
import { createAuthorizer } from '../../../src/upstream/auth/auth.ts'

const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
const request = { url: 'http://upstream.invalid/', headers: {}, body: '{}' }

/** A token endpoint, as Google's. */
let asked: URLSearchParams[] = []
let answer: { status: number; body: string; location?: string }
const server = createServer(async (incoming, outgoing) => {
  let body = ''
  for await (const piece of incoming) {
    body += String(piece)
  }
  asked.push(new URLSearchParams(body))
  outgoing.writeHead(answer.status, {
    'content-type': 'application/json',
    ...(answer.location === undefined ? {} : { location: answer.location }),
  })
  outgoing.end(answer.body)
})
let tokenUri = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  tokenUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
})
afterAll(() => server.close())
beforeEach(() => {
  asked = []
  answer = { status: 200, body: JSON.stringify({ access_token: 'ya29.first', expires_in: 3599 }) }
})

async function keyFile(fields: object = {}): Promise<string> {
  return JSON.stringify({
    type: 'service_account',
    client_email: 'gw@p.iam.gserviceaccount.com',
    private_key_id: 'kid1',
    private_key: await exportPKCS8(privateKey),
    token_uri: tokenUri,
    ...fields,
  })
}

function authorizer(now: () => number = Date.now) {
  const authorize = createAuthorizer({ fetch: (url, init) => fetch(url, init), now })
  return (secret: string) =>
    authorize({ provider: 'vertex', style: 'google-oauth', secret }, request)
}

async function failure(secret: string) {
  const error: unknown = await authorizer()(secret).catch((reason: unknown) => reason)
  return error instanceof GatewayError ? toErrorReply(error.failure) : error
}

describe('a Google service account', () => {
  test('a Google service account sends the access token that it gets for a signed claim', async () => {
    expect(await authorizer()(await keyFile())).toEqual({ authorization: 'Bearer ya29.first' })
    expect(asked).toHaveLength(1)
    const [form] = asked
    expect(form!.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const { payload, protectedHeader } = await jwtVerify(form!.get('assertion')!, publicKey)
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'kid1' })
    expect(payload).toMatchObject({
      iss: 'gw@p.iam.gserviceaccount.com',
      aud: tokenUri,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
    })
    expect(payload.exp! - payload.iat!).toBe(3600)
  })

  test('a Google service account sends its assertion nowhere else when the token endpoint redirects', async () => {
    answer = { status: 307, body: '{}', location: `${tokenUri}/elsewhere` }
    expect(await failure(await keyFile())).toMatchObject({ status: 500 })
    expect(asked).toHaveLength(1)
  })

  test('a Google service account keeps its token until shortly before it expires', async () => {
    let now = Date.now()
    const authorize = authorizer(() => now)
    const secret = await keyFile()
    await authorize(secret)
    now += 54 * 60 * 1000
    await authorize(secret)
    expect(asked).toHaveLength(1)
    answer = { status: 200, body: JSON.stringify({ access_token: 'ya29.next', expires_in: 3599 }) }
    now += 2 * 60 * 1000
    expect(await authorize(secret)).toEqual({ authorization: 'Bearer ya29.next' })
    expect(asked).toHaveLength(2)
  })

  test('a Google service account does not share its token with another account', async () => {
    const authorize = authorizer()
    await authorize(await keyFile())
    await authorize(await keyFile({ client_email: 'other@p.iam.gserviceaccount.com' }))
    expect(asked).toHaveLength(2)
  })

  test.each(['sk-no-key-file', '{}', '{"client_email":"a","private_key":"b"}'])(
    'an invalid Google service account is a failure that names the fault, and not the secret: %s',
    async (secret) => {
      expect(await failure(secret)).toEqual({
        status: 500,
        type: 'api_error',
        message:
          'provider vertex is not configured: its secret is not the JSON key file of a Google service account (client_email, private_key, token_uri)',
        headers: { 'x-should-retry': 'false' },
      })
    },
  )

  test('a Google service account with a damaged key makes the same failure', async () => {
    const secret = await keyFile({
      private_key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    })
    expect(await failure(secret)).toMatchObject({ status: 500, type: 'api_error' })
    expect(asked).toEqual([])
  })

  test('a Google service account that is rejected makes a failure for the operator', async () => {
    answer = { status: 400, body: '{"error":"invalid_grant","error_description":"no account"}' }
    expect(await failure(await keyFile())).toEqual({
      status: 500,
      type: 'api_error',
      message:
        "The token endpoint of provider vertex rejected the gateway's service account (HTTP 400). Contact the gateway's operator.",
      headers: { 'x-should-retry': 'false' },
    })
  })

  test('a Google service account makes a retriable failure while the token endpoint is down', async () => {
    answer = { status: 503, body: 'busy' }
    expect(await failure(await keyFile())).toMatchObject({ status: 500, headers: {} })
    expect(await failure(await keyFile({ token_uri: 'http://127.0.0.1:1/' }))).toMatchObject({
      status: 502,
      headers: {},
    })
  })
})
