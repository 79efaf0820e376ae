/** Events of an answer, as tests compare them. */

export interface AnswerEvent {
  type: string
  index?: number
  content_block?: { type: string }
  delta?: { type?: string }
}

/** Parses server-sent events, whose data is JSON. */
export function readEvents(text: string): AnswerEvent[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)) as AnswerEvent)
}

/** Such as `0 start text`: what it does to which block. */
export function describeEvent({ type, index, content_block: block, delta }: AnswerEvent): string {
  switch (type) {
    case 'content_block_start':
      return `${index} start ${block?.type}`
    case 'content_block_delta':
      return `${index} ${delta?.type}`
    case 'content_block_stop':
      return `${index} stop`
    default:
      return type
  }
}
