/** What went wrong, for the page that asked for it. */
import { toErrorReply } from '../../../anthropic/error-reply.ts'
import { GatewayError } from '../../../anthropic/error.ts'

/** The value of an act, or the sentence with which the API refuses it. Other errors are thrown. */
export async function attempt<Value>(
  act: () => Promise<Value>,
): Promise<{ value: Value } | { fault: string }> {
  try {
    return { value: await act() }
  } catch (error) {
    if (error instanceof GatewayError) {
      const { status, message } = toErrorReply(error.failure)
      if (status < 500) {
        return { fault: message }
      }
    }
    throw error
  }
}
