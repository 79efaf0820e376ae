/** Comma-separated values, as spreadsheets write them (RFC 4180). */

/**
 * The rows of a text, without empty ones; each with its line number, from 1. A quoted cell may
 * contain commas, line breaks and doubled quotes. Undefined if a quoted cell does not end.
 */
export function parseCsv(text: string): { line: number; cells: string[] }[] | undefined {
  const rows: { line: number; cells: string[] }[] = []
  const pattern = /"((?:[^"]|"")*)"[^\S\n]*(,|\r?\n|$)|([^,\n"]*)(,|\n|$)/y
  const source = text.replace(/^\uFEFF/, '')
  let row: { line: number; cells: string[] } = { line: 1, cells: [] }
  let line = 1
  for (let at = 0; at < source.length;) {
    pattern.lastIndex = at
    const [match, quoted, end = '', plain, plainEnd = ''] = pattern.exec(source) ?? []
    if (match === undefined) {
      return undefined
    }
    at += match.length
    row.cells.push(quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'))
    line += match.split('\n').length - 1
    if (end.endsWith('\n') || plainEnd === '\n' || at >= source.length) {
      rows.push(row)
      row = { line, cells: [] }
    }
  }
  return rows.filter(({ cells }) => cells.some((cell) => cell !== ''))
}

/** A line of comma-separated values. A text that a spreadsheet would take for a formula gets a leading quote. */
export function toCsvLine(cells: readonly string[]): string {
  return cells.map(quote).join(',')
}

function quote(text: string): string {
  const safe = /^[=+\-@]./.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
