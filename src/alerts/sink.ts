/** The receivers of alerts: entries of the catalog's `alerts`. Its URL is a secret, since it allows posting there. */
import type { AlertKind, SentAlert } from './alert.ts'
import { alertKinds } from './alert.ts'

/**
 * The bodies in which alerts are posted: the gateway's own event, or a message of Slack's incoming webhooks.
 */
export const formats = ['generic', 'slack'] as const

/**
 * A receiver of alerts, as the catalog lists it. Secrets are given by name; without `on` it receives every
 * kind.
 */
export interface AlertSink {
  /** The name of the Worker secret with the URL. */
  url_secret: string
  /** The name of the Worker secret by which requests are signed; undefined for none. */
  signing_secret?: string | undefined
  /** `generic` by default. */
  format?: (typeof formats)[number] | undefined
  /** All kinds by default. */
  on?: readonly AlertKind[] | undefined
}

/** The sinks that want alerts of a kind; a test is sent to all. */
export function sinksFor(
  sinks: readonly AlertSink[] | undefined,
  kind: SentAlert['kind'],
): AlertSink[] {
  return (sinks ?? []).filter(({ on = alertKinds }) => kind === 'test' || on.includes(kind))
}
