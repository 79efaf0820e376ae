import { createHash, createHmac } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { signAws } from '../../../src/upstream/auth/aws-signature.ts'

const key = {
  access_key_id: 'AKIDEXAMPLE',
  secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const now = Date.UTC(2015, 7, 30, 12, 36, 0)

describe('a request signed for AWS', () => {
  test('a request signed for AWS has the signature that AWS publishes for its test suite (post-vanilla)', async () => {
    const secret = JSON.stringify({ ...key, region: 'us-east-1', service: 'service' })
    const request = { url: 'https://example.amazonaws.com/', headers: {}, body: '' }
    expect(await signAws(secret, 'p', request, now)).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    })
  })

  test.each([
    ['bedrock-runtime.us-east-1.amazonaws.com', 'us-east-1', 'bedrock'],
    ['bedrock-runtime-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1', 'bedrock'],
    ['vpce-0a1.bedrock-runtime.eu-central-1.vpce.amazonaws.com', 'eu-central-1', 'bedrock'],
    ['bedrock-mantle.ap-southeast-2.api.aws', 'ap-southeast-2', 'bedrock-mantle'],
  ])('a request to %s is signed for service %s and region %s', async (host, region, service) => {
    const request = { url: `https://${host}/x`, headers: {}, body: '{}' }
    const { authorization } = await signAws(JSON.stringify(key), 'p', request, now)
    expect(authorization).toContain(`/${region}/${service}/aws4_request`)
  })

  test('a request signed for AWS has a signature over its path encoded twice, its body, and the session token', async () => {
    const host = 'bedrock-runtime.us-east-1.amazonaws.com'
    const path = '/model/us.anthropic.claude-v1%3A0/converse'
    const body = '{"messages":[]}'
    const secret = JSON.stringify({ ...key, session_token: 'token' })
    const request = { url: `https://${host}${path}`, headers: { accept: '*/*' }, body }
    const { authorization, ...headers } = await signAws(secret, 'p', request, now)
    expect(headers).toEqual({ 'x-amz-date': '20150830T123600Z', 'x-amz-security-token': 'token' })
    const signed = 'host;x-amz-date;x-amz-security-token'
    const canonical = [
      'POST',
      path.replaceAll('%', '%25'),
      '',
      `host:${host}`,
      'x-amz-date:20150830T123600Z',
      'x-amz-security-token:token',
      '',
      signed,
      sha256(body),
    ].join('\n')
    const scope = '20150830/us-east-1/bedrock/aws4_request'
    const text = ['AWS4-HMAC-SHA256', '20150830T123600Z', scope, sha256(canonical)].join('\n')
    const signingKey = scope
      .split('/')
      .reduce<string | Buffer>((k, part) => hmac(k, part), `AWS4${key.secret_access_key}`)
    expect(authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signed}, Signature=${hmac(signingKey, text).toString('hex')}`,
    )
  })

  test.each([
    ['AKIDEXAMPLE', 'its secret is not JSON with access_key_id and secret_access_key'],
    ['{"access_key_id":"A"}', 'its secret is not JSON with access_key_id and secret_access_key'],
    [JSON.stringify(key), 'neither its base_url nor its secret contains an AWS region'],
  ])(
    'an incomplete AWS credential is a failure that does not reveal the secret: %#',
    async (secret, why) => {
      const request = { url: 'https://proxy.example/x', headers: {}, body: '' }
      const failure = await signAws(secret, 'aws', request, now).catch((error: unknown) => error)
      expect(failure).toMatchObject({ failure: { kind: 'misconfigured' } })
      const { message } = Object(failure).failure
      expect(message).toContain(`provider aws is not configured: ${why}`)
      expect(message).not.toContain('AKIDEXAMPLE')
    },
  )
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(secret: string | Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}
