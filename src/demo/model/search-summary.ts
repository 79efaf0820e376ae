/**
 * The demo model's summary of search results: the first sentence of each, with its number as the
 * source.
 */

const maxSentences = 3

/**
 * Summarizes results in the form in which the gateway sends them to models; undefined for any other
 * text.
 */
export function summarizeResults(text: string): string | undefined {
  const sentences = text.split('\n\n').flatMap((result) => {
    const [, number, rest = ''] = /^\[(\d+)\] [^\n]*\nURL: ([\s\S]*)$/.exec(result) ?? []
    const sentence = /^[A-Z][^\n]*?[.!?](?=\s|$)/m.exec(rest.replace(/^Date: .*$/m, ''))?.[0]
    return number === undefined || sentence === undefined ? [] : [`${sentence}[${number}]`]
  })
  return sentences.length === 0 ? undefined : sentences.slice(0, maxSentences).join(' ')
}

/** Whether two texts differ in nothing but numbers of sources and white space. */
export function isSameText(one: string, other: string): boolean {
  return withoutSources(one) === withoutSources(other)
}

function withoutSources(text: string): string {
  return text.replace(/\[\d+\]|\s+/g, '')
}
