/**
 * The list of messages while it is built. User content is collected until a message of another
 * role, so that it becomes one message.
 */
import { append } from '../../../platform/append.ts'
import type { Content } from '../../shared/conversation/content.ts'
import type { SystemBlock } from '../../shared/conversation/system-text.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatMessage, VendorMessage } from '../wire.ts'
import { toUserContent } from './user-content.ts'

type Message = ChatMessage | VendorMessage

/** Collects the messages of one request. */
interface Transcript {
  /** Adds user content. */
  say: (pieces: readonly Content[]) => void
  /** Adds a system message in the middle of the conversation. */
  instruct: (block: SystemBlock) => void
  /** Adds an assistant message. */
  answer: (message: Message) => void
  /** Adds a tool message, directly after its call. */
  report: (message: Message) => void
  end: () => Message[]
}

/** The assistant message between tool results and a user message, for servers that require one. */
const acknowledgement = 'I have the results.'

/** The user message in front of a conversation that begins with an assistant turn. */
const beginning = '(the beginning of the conversation was left out)'

/** Creates an empty transcript. */
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
    say: (pieces) => append(pending, pieces),
    instruct({ path, text }) {
      if (quirks.mid_system === 'inline' && quirks.system_role !== 'user') {
        flush()
        messages.push({ role: 'system', content: text })
      } else {
        // A server without a system role has none in the middle either.
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
