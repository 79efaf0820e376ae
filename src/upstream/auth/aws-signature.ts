/**
 * Signs requests with an AWS access key, Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). Service and region are
 * read from the host: `bedrock-runtime.us-east-1.amazonaws.com`.
 */
import { AwsV4Signer } from 'aws4fetch'

import { GatewayError } from '../../anthropic/error.ts'
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { defined } from '../../platform/defined.ts'
import type { Unauthorized } from './credential.ts'

/**
 * The Worker secret as JSON: `{"access_key_id": …, "secret_access_key": …}`, and optionally the
 * fields below.
 */
interface AccessKey {
  accessKeyId: string
  secretAccessKey: string
  /** The session token of temporary credentials. */
  sessionToken?: string
  /** The region; required if the host does not contain it, as behind a proxy. */
  region?: string
  service?: string
}

/**
 * Returns the headers that sign a request. Throws a GatewayError `misconfigured` if the key is
 * invalid or incomplete.
 */
export async function signAws(
  secret: string,
  provider: string,
  { url, body }: Unauthorized,
  now: number,
): Promise<Record<string, string>> {
  const key = readAccessKey(secret)
  if (key === undefined) {
    throw misconfigured(
      provider,
      'its secret is not JSON with access_key_id and secret_access_key (and session_token, region, where they are needed)',
    )
  }
  const scope = { ...scopeOf(new URL(url).hostname), ...key }
  const { region, service } = scope
  if (region === undefined || service === undefined) {
    throw misconfigured(provider, 'neither its base_url nor its secret contains an AWS region')
  }
  const signer = new AwsV4Signer({
    ...scope,
    region,
    service,
    method: 'POST',
    url,
    // No other header is signed, since intermediaries may change them.
    headers: {},
    body: typeof body === 'string' ? body : new Uint8Array(body),
    datetime: toDatetime(now),
  })
  const { headers } = await signer.sign()
  return Object.fromEntries(headers)
}

function readAccessKey(secret: string): AccessKey | undefined {
  const fields = asObject(parseJson(secret)) ?? {}
  const accessKeyId = asString(fields['access_key_id'])
  const secretAccessKey = asString(fields['secret_access_key'])
  const sessionToken = asString(fields['session_token'])
  const region = asString(fields['region'])
  const service = asString(fields['service'])
  return accessKeyId === undefined || secretAccessKey === undefined
    ? undefined
    : {
        accessKeyId,
        secretAccessKey,
        ...defined({ sessionToken, region, service }),
      }
}

/**
 * The service and region of a host: `vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com` is
 * bedrock in eu-west-1.
 */
function scopeOf(host: string): { region?: string; service?: string } {
  const labels = host.split('.')
  const at = labels.findIndex((label) => /^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(label))
  const region = labels[at]
  const service = labels[at - 1]?.replace(/(?:-runtime)?(?:-fips)?$/, '')
  return region === undefined || service === undefined ? {} : { region, service }
}

/** Formats a time as `20261125T103000Z`. */
function toDatetime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[:-]|\.\d{3}/g, '')
}

function misconfigured(provider: string, why: string): GatewayError {
  return new GatewayError({
    kind: 'misconfigured',
    message: `provider ${provider} is not configured: ${why}`,
  })
}
