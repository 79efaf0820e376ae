/** Who has signed in, and the key that is theirs. */
import type { PersonRule } from '../../catalog/schema/sign-in.ts'
import type { KeyOwner } from '../../keys/record.ts'
import { sha256 } from '../../platform/sha256.ts'

/** A person or pipeline, as a provider has described it. */
export type Person = KeyOwner

/**
 * The id of a person's key, by which it is the same at every sign-in, and with it budgets and usage. 50 bits
 * of a hash, as many as a random id has.
 */
export async function toPersonId({
  issuer,
  subject,
}: Pick<Person, 'issuer' | 'subject'>): Promise<string> {
  const hash = await sha256(`${issuer}\n${subject}`)
  const bits = BigInt(`0x${hash.slice(0, 14)}`)
  return Array.from({ length: 10 }, (_, index) =>
    base32.charAt(Number((bits >> BigInt(5 * index)) & 31n)),
  ).join('')
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** The name of a person's key in lists. */
export function toKeyName({ email, subject }: Pick<Person, 'email' | 'subject'>): string {
  return (email ?? subject).slice(0, 100)
}

/** The first rule that is for this person; undefined for a person who may not sign in. */
export function findRule(
  rules: readonly PersonRule[],
  person: Pick<Person, 'email' | 'groups'>,
): PersonRule | undefined {
  return rules.find(({ match }) => matches(match, person))
}

function matches(
  match: PersonRule['match'],
  { email, groups }: Pick<Person, 'email' | 'groups'>,
): boolean {
  if (match === 'everyone') {
    return true
  }
  const address = email?.toLowerCase()
  const domain = address?.slice(address.lastIndexOf('@') + 1)
  const has = (values: readonly string[] | undefined, value: string | undefined): boolean =>
    value !== undefined && values?.some((one) => one.toLowerCase() === value) === true
  return (
    has(match.emails, address) ||
    has(match.domains, domain) ||
    match.groups?.some((group) => groups.includes(group)) === true
  )
}
