/** An answer as it arrives: thinking folded, text, tool calls, what server tools found. */

/** A block of the answer, as the Messages API has it. */
export interface Block {
  type: string
  text?: string
  thinking?: string
  signature?: string
  name?: string
  input?: unknown
  [field: string]: unknown
}

/** An event of a streamed message, as far as the view reads it. */
export interface MessageEvent_ {
  type: string
  index?: number
  content_block?: Block
  delta?: {
    type?: string
    text?: string
    thinking?: string
    partial_json?: string
    signature?: string
    citation?: unknown
    stop_reason?: string
  }
  message?: { usage?: object; model?: string }
  usage?: object
  error?: { message?: string }
}

/** Shows one answer while its events arrive. */
export class AnswerView {
  readonly #element: HTMLElement
  readonly #blocks: { block: Block; json: string; body: HTMLElement }[] = []

  constructor(element: HTMLElement) {
    this.#element = element
  }

  /** The blocks, for the next turn of the conversation. */
  get content(): Block[] {
    return this.#blocks.map(({ block }) => block)
  }

  /** Shows an event of a stream. */
  apply({ type, index = 0, content_block: block, delta }: MessageEvent_): void {
    if (type === 'content_block_start' && block !== undefined) {
      this.#begin(block)
    }
    const open = this.#blocks[index]
    if (open === undefined) {
      return
    }
    if (type === 'content_block_delta' && delta !== undefined) {
      this.#extend(open, delta)
    } else if (type === 'content_block_stop' && open.json !== '') {
      open.block.input = JSON.parse(open.json)
    }
  }

  /** Shows a whole answer. */
  show(blocks: readonly Block[]): void {
    blocks.forEach((block) => this.#begin(block))
  }

  #begin(block: Block): void {
    const body = document.createElement('div')
    body.className = 'text'
    const { type, name, text, thinking } = block
    if (type === 'text') {
      body.textContent = text ?? ''
      this.#element.append(body)
    } else {
      const details = document.createElement('details')
      const summary = document.createElement('summary')
      summary.textContent = toTitle(type, name)
      body.textContent = thinking ?? toShown(block)
      body.className = type === 'thinking' ? 'text' : 'json'
      details.append(summary, body)
      details.open = type === 'tool_use'
      this.#element.append(details)
    }
    this.#blocks.push({ block: { ...block }, json: '', body })
  }

  #extend(
    open: { block: Block; json: string; body: HTMLElement },
    {
      text,
      thinking,
      partial_json: json,
      signature,
      citation,
    }: NonNullable<MessageEvent_['delta']>,
  ): void {
    const { block, body } = open
    if (text !== undefined) {
      block.text = (block.text ?? '') + text
      body.append(text)
    } else if (thinking !== undefined) {
      block.thinking = (block.thinking ?? '') + thinking
      body.append(thinking)
    } else if (json !== undefined) {
      open.json += json
      body.textContent = open.json
    } else if (signature !== undefined) {
      block.signature = (block.signature ?? '') + signature
    } else if (citation !== undefined) {
      const known = Array.isArray(block['citations']) ? block['citations'] : []
      block['citations'] = [...known, citation]
    }
  }
}

function toTitle(type: string, name: string | undefined): string {
  const title = type === 'thinking' ? 'Thinking' : type.replaceAll('_', ' ')
  return name === undefined ? title : `${title}: ${name}`
}

function toShown(block: Block): string {
  const rest = Object.fromEntries(
    Object.entries(block).filter(([field]) => !['type', 'id', 'name'].includes(field)),
  )
  return Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, null, 2)
}
