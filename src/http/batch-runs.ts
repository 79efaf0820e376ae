/** Starts runs of batches: for the messages of the queue, and for batches where there is no queue. */
import type { BatchRuntime, RunSlice } from '../batches/batch-object.ts'
import type { SliceMessage } from '../batches/protocol.ts'
import { readConfig } from '../exchange/config.ts'
import type { KvCache } from '../exchange/kv-cache.ts'
import type { Services } from '../exchange/request/services.ts'
import type { Tools } from './middleware/record.ts'
import { recordExchange } from './middleware/record.ts'
import type { GetCatalog } from './routes/catalog.ts'

/** When a message is delivered again whose slice could not be claimed, in seconds. */
const retrySeconds = 60

/** Creates the function that runs a slice, whose code is loaded at the first one. */
export function createRunSlice(
  services: Services & Tools,
  cache: KvCache,
  getCatalog: GetCatalog,
): RunSlice {
  return async (message, env, waitUntil) => {
    const { runSlice } = await import('../batches/run/run-slice.ts')
    const config = readConfig(env, cache)
    const request = { method: 'POST', path: '/v1/messages/batches', spans: undefined }
    await runSlice(message, {
      services,
      config,
      loadCatalog: async () => (await getCatalog(config)).catalog,
      waitUntil,
      record: (exchange, status) =>
        recordExchange({ ...request, status: () => status, config, waitUntil }, exchange, services),
    })
  }
}

/** Creates the consumer of the queue, in which each message is handled by itself. */
export function createQueueConsumer({
  runSlice,
  writeLog,
}: BatchRuntime): ExportedHandlerQueueHandler<Env, SliceMessage> {
  return async function consume({ messages }, env, context) {
    const run = async (message: Message<SliceMessage>): Promise<void> => {
      try {
        await runSlice(message.body, env, (promise) => context.waitUntil(promise))
        message.ack()
      } catch (error) {
        writeLog({ level: 'error', ...message.body, bug: String(error) })
        message.retry({ delaySeconds: retrySeconds })
      }
    }
    await Promise.all(messages.map(run))
  }
}
