/**
 * The catalog's `identity`: who may sign in, how, and with which limits. Built at its first use, since most
 * catalogs have none. The doc comments at fields are what editors show.
 */
import * as z from 'zod/mini'

import { lazySchema } from '../../platform/lazy-schema.ts'

const text = () => z.string().check(z.minLength(1))
const texts = () => z.array(text()).check(z.minLength(1))
const positive = () => z.number().check(z.int(), z.positive())
const flag = () => z.optional(z.boolean())

/** Claims of a token that must be there: one value or several, `*` matches anything. */
const claims = () => z.record(text(), z.union([text(), texts()]))

const provider = () =>
  z.strictObject({
    /** Issuer, as its discovery document names it: `https://accounts.google.com`. */
    issuer: text(),
    /** Client ID of the gateway at the provider. */
    client_id: text(),
    /** Name of the Worker secret with the client secret (default: none, a public client). */
    secret: z.optional(text()),
    /** The label on the sign-in page (default: the provider's name here). */
    display_name: z.optional(text()),
    /** Scopes that are asked for (default: `openid`, `email`, `profile`). */
    scopes: z.optional(texts()),
    /** Claim with the person's groups or roles (default: `groups`). */
    groups_claim: z.optional(text()),
    /** Claims that the ID token must have: `{ "hd": "example.com" }`. */
    require: z.optional(claims()),
  })

/** An OpenID Connect provider with which persons sign in. */
export type OidcProvider = z.infer<ReturnType<typeof provider>>

const access = () =>
  z.strictObject({
    /** Team domain: `example.cloudflareaccess.com`. */
    team: text(),
    /** Application audience (AUD) tag of the application that protects `/device` and `/console`. */
    audience: text(),
    /** Claim with the person's groups (default: `groups`, also looked for in `custom`). */
    groups_claim: z.optional(text()),
  })

/** Sign-in by Cloudflare Access. */
export type AccessSettings = z.infer<ReturnType<typeof access>>

const budget = () =>
  z.strictObject({
    /** Amount in USD. */
    usd: z.number().check(z.positive()),
    /** Period, in UTC; weeks begin on Monday. */
    period: z.enum(['day', 'week', 'month', 'total']),
    /** Whether the maximal cost of each request is reserved, so that the budget is never exceeded. */
    hard: flag(),
  })

const limits = () =>
  z.strictObject({
    /** Requests a minute. */
    rpm: z.optional(positive()),
    /** Input tokens a minute. */
    itpm: z.optional(positive()),
    /** Output tokens a minute. */
    otpm: z.optional(positive()),
    /** Requests at the same time. */
    concurrency: z.optional(positive()),
    /** Budgets, one a period. */
    budgets: z.optional(z.array(budget())),
  })

/** What a new holder gets. */
const template = () => ({
  /** Models that may be used, ids or wildcards (default: all). */
  models: z.optional(texts()),
  /** Limits and budgets. */
  limits: z.optional(limits()),
  /** Id of the gateway's group to which the new key belongs. */
  group_id: z.optional(text()),
})

const match = () =>
  z.union([
    z.literal('everyone'),
    z.strictObject({
      /** Domains of addresses. */
      domains: z.optional(texts()),
      /** Addresses. */
      emails: z.optional(texts()),
      /** Groups or roles, as the provider names them. */
      groups: z.optional(texts()),
    }),
  ])

const personRule = () =>
  z.strictObject({
    /** The persons that the rule applies to: any of these, or `everyone` whom a provider has signed in. */
    match: match(),
    /** Whether they may use the Admin API and the operator's pages of the console. */
    admin: flag(),
    ...template(),
  })

/** A rule that gives the persons it matches their models and limits. */
export type PersonRule = z.infer<ReturnType<typeof personRule>>

const workload = () =>
  z.strictObject({
    /** Issuer of the tokens: `https://token.actions.githubusercontent.com`. */
    issuer: text(),
    /** Audience that the tokens must have (default: the gateway's origin). */
    audience: z.optional(text()),
    /** Claims that the tokens must have: `{ "repository": "example/app", "ref": "refs/heads/main" }`. */
    claims: claims(),
    /** Minutes for which its keys are valid (default 60). */
    minutes: z.optional(positive()),
    ...template(),
  })

/** A rule that gives pipelines a key for a token of their CI system. */
export type Workload = z.infer<ReturnType<typeof workload>>

const policyMatch = () =>
  z.strictObject({
    /** Groups of the person; any of them. */
    groups: z.optional(texts()),
    /** Domain of the person's address. */
    email_domain: z.optional(text()),
  })

const policy = () =>
  z.strictObject({
    /** The persons that the policy applies to: `{}` is the base that every other policy is merged over. */
    match: policyMatch(),
    /** A managed-settings document of Claude Code. */
    cli: z.record(z.string(), z.unknown()),
    /** Configuration of Claude Desktop; without it, this policy's persons cannot use it with the gateway. */
    desktop: z.optional(z.record(z.string(), z.unknown())),
  })

/** The rights and limits of a key that a sign-in issues. */
export type Policy = z.infer<ReturnType<typeof policy>>

const identity = () =>
  z.strictObject({
    /** Origin of the gateway in links and tokens (default: that of the request). */
    public_url: z.optional(text()),
    /** OpenID Connect providers, by a name of your choice. */
    providers: z.optional(z.record(text(), provider())),
    /** Cloudflare Access in front of `/device` and `/console`. */
    access: z.optional(access()),
    /** Who may sign in, and as what: the first rule that matches. */
    people: z.array(personRule()),
    /** Pipelines that exchange an OpenID Connect token of theirs for a key, by a name of your choice. */
    workloads: z.optional(z.record(text(), workload())),
    /** Minutes for which a person's key is valid before it is refreshed (default 60). */
    key_minutes: z.optional(positive()),
    /** Days after which a person must sign in again (default 30). */
    session_days: z.optional(positive()),
    /** Text beside the code that a client shows (at most 500 characters). */
    login_notice: z.optional(z.string().check(z.maxLength(500))),
    /** Settings for Claude Code: the first policy that matches, merged over the base. */
    policies: z.optional(z.array(policy())),
  })

/** The `identity` of a catalog. */
export type IdentitySettings = z.infer<ReturnType<typeof identity>>

/** The schema of the catalog's `identity`. */
export const identitySchema = lazySchema(identity)
