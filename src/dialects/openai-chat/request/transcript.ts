/**
 * The messages while they are put together. What users say is gathered until somebody else speaks,
 * so that it becomes one message.
 */
import type { Content } from '../../shared/conversation/content.ts'
import type { SystemBlock } from '../../shared/conversation/system-text.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatMessage, VendorMessage } from '../wire.ts'
import { toUserContent } from './user-content.ts'

type Message = ChatMessage | VendorMessage

/** Lives for one request. */
interface Transcript {
  /** A user's pieces, or what has to stand among them. */
  say: (pieces: readonly Content[]) => void
  /** A system message in the middle of the conversation. */
  instruct: (block: SystemBlock) => void
  /** An assistant's message. */
  answer: (message: Message) => void
  /** A tool's message, right behind its call. */
  report: (message: Message) => void
  end: () => Message[]
}

/** Stands between tool results and a user's message where the two may not meet. */
const acknowledgement = 'I have the results.'
/** Stands before a conversation that begins with an answer. */
const beginning = '(the beginning of the conversation was left out)'

export function createTranscript(quirks: ChatQuirks): Transcript {
  const messages: Message[] = []
  let pending: Content[] = []

  function flush(): void {
    if (pending.length === 0) {
      return
    }
    if (quirks.strict_alternation && messages.at(-1)?.role === 'tool') {
      messages.push({ role: 'assistant', content: acknowledgement })
    }
    messages.push({ role: 'user', content: toUserContent(pending, quirks) })
    pending = []
  }

  return {
    say: (pieces) => void pending.push(...pieces),
    instruct({ path, text }) {
      if (quirks.mid_system === 'inline' && quirks.system_role !== 'user') {
        flush()
        messages.push({ role: 'system', content: text })
      } else {
        // Where there is no system role, there is none in the middle either.
        const reminder = `<system-reminder>\n${text}\n</system-reminder>`
        pending.push({ type: 'text', path, text: reminder })
      }
    },
    answer(message) {
      if (quirks.strict_alternation && messages.length === 0 && pending.length === 0) {
        messages.push({ role: 'user', content: beginning })
      }
      flush()
      messages.push(message)
    },
    report: (message) => void messages.push(message),
    end() {
      flush()
      return messages
    },
  }
}
