/** Ranks tools by a query in natural language: BM25 (https://doi.org/10.1561/1500000019). */

const saturation = 1.2
const lengthWeight = 0.75

/** The indices of the best texts, the best first; texts without any word of the query are left out. */
export function rank(query: string, texts: readonly string[], limit: number): number[] {
  const documents = texts.map(countWords)
  const average = documents.reduce((sum, { length }) => sum + length, 0) / texts.length
  const words = [...countWords(query).counts.keys()]
  const rarities = words.map((word) => {
    const holding = documents.filter(({ counts }) => counts.has(word)).length
    return Math.log(1 + (texts.length - holding + 0.5) / (holding + 0.5))
  })
  const scored = documents.map(({ counts, length }, index) => ({
    index,
    score: words.reduce((sum, word, at) => {
      const count = counts.get(word) ?? 0
      const norm = saturation * (1 - lengthWeight + (lengthWeight * length) / average)
      return sum + ((rarities[at] ?? 0) * count * (saturation + 1)) / (count + norm || 1)
    }, 0),
  }))
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, limit)
    .map(({ index }) => index)
}

/** `getWeather_v2` has the words get, weather and v2. */
function countWords(text: string): { counts: ReadonlyMap<string, number>; length: number } {
  const words =
    text
      .replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const counts = new Map<string, number>()
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return { counts, length: words.length }
}
