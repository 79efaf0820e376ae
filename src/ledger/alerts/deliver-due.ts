/** Delivers the alerts of an outbox that are due. */
import type { DeliveryTools } from '../../alerts/deliver.ts'
import { deliver } from '../../alerts/deliver.ts'
import type { AlertSink } from '../../alerts/sink.ts'
import type { DueAlert, Outbox } from './outbox.ts'

/** What the delivery of due alerts needs. */
export interface DueTools extends DeliveryTools {
  writeLog: (line: object) => void
}

/** Never rejects: a receiver that fails is tried again later, and one that always fails is a line of the log. */
export async function deliverDue(outbox: Outbox, tools: DueTools): Promise<void> {
  await Promise.all(outbox.due(tools.now()).map((due) => deliverOne(outbox, due, tools)))
  outbox.purge(tools.now())
}

async function deliverOne(outbox: Outbox, due: DueAlert, tools: DueTools): Promise<void> {
  const failed: { sink: AlertSink; reason: string }[] = []
  await Promise.all(
    due.sinks.map(async (sink) => {
      const reason = await deliver(due.alert, sink, tools)
      if (reason !== undefined) {
        failed.push({ sink, reason })
      }
    }),
  )
  const sinks = failed.map(({ sink }) => sink)
  if (outbox.tried(due, sinks, tools.now())) {
    for (const { sink, reason } of failed) {
      const { id, kind } = due.alert
      tools.writeLog({
        level: 'error',
        alert: id,
        kind,
        sink: sink.url_secret,
        undelivered: reason,
      })
    }
  }
}
