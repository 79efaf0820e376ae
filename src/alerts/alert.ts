/** What operators are alerted of. */

/** The kinds of alerts that a catalog can select. */
export const alertKinds = ['budget', 'key_expiring', 'provider', 'catalog', 'unbooked'] as const

/** The name of a kind of alert, as `on` of a sink lists it. */
export type AlertKind = (typeof alertKinds)[number]

/** One event. It is plain data, since it is sent by RPC and stored. */
export interface Alert {
  kind: AlertKind | 'test'
  /** Identifies the event: the same one is sent once. */
  key: string
  /** The time until which an event with this key is the same one, in epoch milliseconds; null for ever. */
  until: number | null
  /** A sentence for people. */
  message: string
  /** Facts for programs. */
  data: Readonly<Record<string, string | number | null>>
}

/** An alert as it is sent. */
export interface SentAlert extends Pick<Alert, 'kind' | 'message' | 'data'> {
  /** Unique, and the same in every attempt to deliver it. */
  id: string
  /** When it happened, in epoch milliseconds. */
  at: number
}
