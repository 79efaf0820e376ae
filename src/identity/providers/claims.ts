/** Reads the claims of tokens that were verified. */
import { asArray, asObject, asString } from '../../anthropic/json.ts'
import { matchesAny } from '../../platform/model-pattern.ts'
import type { Person } from '../persons/person.ts'
import { SignInRefused } from '../refused.ts'

/** The claims of a verified token, by name. */
export type Claims = Readonly<Record<string, unknown>>

/** The first of the required claims that a token does not have as required. `*` matches anything. */
export function findUnmetClaim(
  required: Readonly<Record<string, string | string[]>>,
  claims: Claims,
): string | undefined {
  return Object.keys(required).find((name) => {
    const patterns = [required[name] ?? []].flat()
    return !toTexts(claims[name]).some((value) => matchesAny(patterns, value))
  })
}

function toTexts(value: unknown): string[] {
  const values = Array.isArray(value) ? asArray(value) : [value]
  return values.flatMap((one) =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean'
      ? [`${one}`]
      : [],
  )
}

/**
 * The person whom claims describe. Throws a {@link SignInRefused} for an address that the provider has not
 * verified, and for claims without a subject.
 */
export function toPerson(issuer: string, claims: Claims, groupsClaim: string | undefined): Person {
  const subject = asString(claims['sub']) ?? ''
  const email = asString(claims['email'])
  if (subject === '') {
    throw new SignInRefused('The provider did not identify you (the "sub" claim is missing).')
  }
  if (claims['email_verified'] === false || claims['email_verified'] === 'false') {
    throw new SignInRefused(`Your provider has not verified the email address ${email ?? ''}.`)
  }
  const name = groupsClaim ?? 'groups'
  const groups = toTexts(claims[name] ?? asObject(claims['custom'])?.[name])
  return {
    issuer,
    subject,
    groups: groups.slice(0, maxGroups),
    ...(email !== undefined && { email }),
  }
}

/** Groups of a person that are kept; a token of more is cut off by most providers. */
const maxGroups = 200
