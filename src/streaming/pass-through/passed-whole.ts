/** A message in one piece that is passed through: its text as it came, its model renamed. */
import { asObject, parseJson } from '../../anthropic/json.ts'
import type { Attached, Outcome } from '../attached.ts'
import { unsettled } from '../attached.ts'
import type { Passage } from './passed-stream.ts'
import { readStopReason, readUsage } from './passed-usage.ts'

/** Gives nothing until it is complete. */
export function attachPassedWhole({ provider, rename }: Passage): Attached {
  const decoder = new TextDecoder()
  const outcome: Outcome = { ...unsettled }
  let text = ''
  return {
    provider,
    outcome,
    feed(bytes) {
      text += decoder.decode(bytes, { stream: true })
      return ''
    },
    finish() {
      text += decoder.decode()
      const message = asObject(parseJson(text))
      if (message === undefined) {
        outcome.lost = {
          kind: 'upstream_invalid_response',
          provider,
          detail: 'a message that is no JSON',
        }
        return ''
      }
      outcome.ended = true
      outcome.hasContent = true
      outcome.characters = text.length
      outcome.usage = readUsage(message['usage'])
      outcome.stopReason = readStopReason(message['stop_reason'])
      return rename?.(text) ?? text
    },
    cut(failure) {
      outcome.lost = failure
      return ''
    },
  }
}
