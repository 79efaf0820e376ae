/** What the requests of one check leave behind: their number, usage, and reported adaptations. */
import type { Tokens } from '../finding.ts'

/** A difference that an answer reports in `gateway-adapted`. */
export interface ReportedAdaptation {
  /** The path of the field in the client's request. */
  field: string
  action: 'drop' | 'map'
  text: string
}

/** Counts what the requests of one check have used and what their answers report. */
export class Evidence {
  requests = 0
  readonly tokens: Tokens = { input: 0, output: 0 }
  readonly adaptations: ReportedAdaptation[] = []

  /** Notes the headers of a response. */
  addHeaders(headers: Headers): void {
    this.adaptations.push(...readAdapted(headers.get('gateway-adapted') ?? ''))
  }

  addUsage({ input, output }: Tokens): void {
    this.tokens.input += input
    this.tokens.output += output
  }
}

/** Reads an RFC 9651 list such as `"top_k";drop, "thinking";map="low"`; what is ignored by design is left out. */
function readAdapted(header: string): ReportedAdaptation[] {
  return [...header.matchAll(/"([^"]*)";(drop|map)(?:="((?:[^"\\]|\\.)*)")?/g)].map(
    ([, field = '', action, value]) => ({
      field,
      action: action === 'drop' ? 'drop' : 'map',
      text: value === undefined ? `${field} dropped` : `${field} as ${value}`,
    }),
  )
}
