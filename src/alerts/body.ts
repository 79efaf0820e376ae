/** The body of the request that delivers an alert. */
import type { SentAlert } from './alert.ts'
import type { AlertSink } from './sink.ts'

/** The body as JSON, in the format of the sink. */
export function toBody(alert: SentAlert, format: AlertSink['format'] = 'generic'): string {
  return JSON.stringify(format === 'slack' ? toSlack(alert) : toGeneric(alert))
}

/** The body that the Standard Webhooks specification recommends: type, time and data. */
function toGeneric({ kind, at, message, data }: SentAlert): object {
  return { type: kind, timestamp: new Date(at).toISOString(), data: { message, ...data } }
}

/** A message of Slack's incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
function toSlack({ kind, at, message }: SentAlert): object {
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ')
  const context = `messages-gateway · ${kind} · ${time} UTC`
  return {
    text: escapeSlack(message),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: escapeSlack(message) } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: context }] },
    ],
  }
}

/** Names that operators chose must not become links or mentions. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
