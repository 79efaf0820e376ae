/** A conversation that changes its model at every turn: who answers, what is said, and what must come back. */
import type { JsonObject } from '../../../src/anthropic/json.ts'

/** One thing that a model says, with or without a thought before it. */
export interface Step {
  says: 'text' | 'call'
  thinks: boolean
}

/** A step with its words; `number` is its own in the whole conversation. */
export interface SaidStep extends Step {
  number: number
  /** `''` where it does not think. */
  thought: string
  /** Opaque state that the upstream wants back, of a form that identifies the upstream. */
  seal: string
}

export type Block = JsonObject & { type: string }

/** An answer in an upstream's own protocol. */
export interface WireAnswer {
  /** Of a stream: the data of its events, or events with a name. */
  events: (object | string)[]
  whole: object
  /** What must go back to the same model, in whatever form the station compares. */
  kept: unknown
}

/** An assistant's turn of the conversation so far. */
export interface Turn {
  station: Station
  steps: readonly SaidStep[]
  kept: unknown
  /** As the client has it, and sends it. */
  content: Block[]
  /** The client has lost the thinking of this turn. */
  isForgotten: boolean
}

export interface Station {
  name: string
  /** Absent for the pass-through. */
  dialect?: string | undefined
  preset: string
  model: string
  /** Whether state goes back to other models of the provider. */
  scope: 'provider' | 'model'
  takesImages: boolean
  /** It thinks and says nothing of it. */
  isSilent: boolean
  answer: (steps: readonly SaidStep[], station: Station) => WireAnswer
  /** Throws where a request breaks the upstream's rules, or brings back another history. */
  check: (body: JsonObject, history: readonly Turn[], station: Station) => void
}

export type Rules = Pick<Station, 'preset' | 'model'> &
  Partial<Pick<Station, 'scope' | 'takesImages' | 'isSilent'>>

export function toStation(
  rules: Rules,
  wire: Pick<Station, 'answer' | 'check'> & { dialect?: string },
): Station {
  return {
    name: `${rules.preset}/${rules.model}`,
    scope: 'model',
    takesImages: true,
    isSilent: false,
    ...rules,
    ...wire,
  }
}

export function textOf({ number }: SaidStep): string {
  return `text ${number}.`
}

export function inputOf({ number }: SaidStep): { number: number } {
  return { number }
}

/** Of the only tool there is. */
export const toolName = 'Look'

/** Whether a turn's state may go to that station. */
export function isOwn(turn: Turn, station: Station): boolean {
  const from = turn.station
  return (
    !turn.isForgotten &&
    from.dialect === station.dialect &&
    from.preset === station.preset &&
    (station.scope === 'provider' || from.model === station.model)
  )
}

/** A thought as the client was shown it, of another upstream that this gateway translates. */
export function reasoningOf({ steps, isForgotten, station }: Turn): string {
  const isKnown = !isForgotten && station.dialect !== undefined
  return isKnown ? steps.map(({ thought }) => thought).join('') : ''
}

/** Text in two pieces, as streams have it. */
export function cut(text: string): string[] {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)]
}
