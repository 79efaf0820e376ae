/**
 * Tool call ids for the upstream. A client's ids may come from any provider, but upstreams accept
 * only certain forms. Call and result get the same id, and the same in every request.
 */
import { base62, fingerprint } from './fingerprint.ts'

/** The form of ids: at most 40 characters, exactly 9 alphanumeric ones, or `functions.name:0`. */
type ToolIdForm = 'openai' | 'alnum9' | 'kimi'

/** Returns the upstream's id for a client's id. `name` is the upstream's name of the tool. */
export type ToToolId = (id: string, name: string) => string

/** Creates the ids of one request, since some forms number the calls of the conversation. */
export function createToolIds(form: ToolIdForm): ToToolId {
  const renamed = new Map<string, string>()
  const taken = new Set<string>()

  function rename(id: string, name: string): string {
    if (form === 'kimi') {
      return `functions.${name}:${renamed.size}`
    }
    const { legal, make } = forms[form]
    let candidate = legal.test(id) ? id : make(id)
    for (let salt = 1; taken.has(candidate); salt += 1) {
      candidate = make(`${id} ${salt}`)
    }
    return candidate
  }

  return (id, name) => {
    const known = renamed.get(id)
    if (known !== undefined) {
      return known
    }
    const fresh = rename(id, name)
    renamed.set(id, fresh)
    taken.add(fresh)
    return fresh
  }
}

const forms = {
  /** OpenAI: `string too long. Expected a string with maximum length 40`. */
  openai: {
    legal: /^[a-zA-Z0-9_-]{1,40}$/,
    make: (id: string) => `call_${fingerprint(id, 12)}`,
  },
  /** Mistral: `Tool call id … must be a-z, A-Z, 0-9, with a length of 9.` */
  alnum9: {
    legal: /^[a-zA-Z0-9]{9}$/,
    make: (id: string) => fingerprint(id, 9, base62),
  },
}
