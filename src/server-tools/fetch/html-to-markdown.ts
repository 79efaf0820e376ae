/**
 * The readable part of a web page as Markdown. One pass over the markup, whatever is wrong with it; what
 * belongs to the site and not to the page (navigation, footers, forms, scripts) is left out.
 */
import { Parser } from 'htmlparser2'

/** The title of a page, and its readable part as Markdown. */
export interface ReadablePage {
  title: string | undefined
  text: string
}

/** What is nested more deeply is not read: the parser takes time for each open element. */
const maxDepth = 500
const pieceLength = 16_384

/** Elements without text of the page. */
const skipped = new Set(
  'script style noscript template svg canvas iframe object nav footer aside form button select head dialog'.split(
    ' ',
  ),
)

const blocks = new Set(
  'p div section article main header blockquote table tr ul ol dl dt dd figure figcaption address details summary hr'.split(
    ' ',
  ),
)

const marks: Readonly<Record<string, string>> = {
  strong: '**',
  b: '**',
  em: '*',
  i: '*',
  code: '`',
}

/** Converts a page. `base`: its URL, for links. */
export function htmlToMarkdown(html: string, base: string): ReadablePage {
  const writer = new MarkdownWriter(base)
  let depth = 0
  const parser = new Parser({
    onopentag(name, attributes) {
      depth += 1
      writer.open(name, attributes)
    },
    ontext: (text) => writer.text(text),
    onclosetag(name) {
      depth -= 1
      writer.close(name)
    },
  })
  for (let at = 0; at < html.length && depth < maxDepth; at += pieceLength) {
    parser.write(html.slice(at, at + pieceLength))
  }
  if (depth < maxDepth) {
    parser.end()
  }
  return writer.page()
}

class MarkdownWriter {
  readonly #base: string
  #out: string[] = []
  /** The last characters that were written. */
  #tail = '\n\n'
  #title = ''
  #isInTitle = false
  #skipDepth = 0
  #preDepth = 0
  #links: string[] = []
  #lists: { isOrdered: boolean; count: number }[] = []
  #cells = 0

  constructor(base: string) {
    this.#base = base
  }

  page(): ReadablePage {
    const lines = this.#out.join('').split('\n')
    const text = lines
      .map((line) => line.trimEnd())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
    const title = this.#title.replace(/\s+/g, ' ').trim()
    return { title: title === '' ? undefined : title, text }
  }

  open(name: string, attributes: Record<string, string>): void {
    this.#isInTitle ||= name === 'title' && this.#title === ''
    if (this.#skipDepth > 0 || skipped.has(name)) {
      this.#skipDepth += skipped.has(name) ? 1 : 0
      return
    }
    this.#openBlock(name)
    this.#openInline(name, attributes)
  }

  text(text: string): void {
    if (this.#isInTitle) {
      this.#title += text
    }
    if (this.#skipDepth > 0) {
      return
    }
    if (this.#preDepth > 0) {
      this.#write(text)
      return
    }
    const collapsed = text.replace(/\s+/g, ' ')
    const isSpaced = this.#tail.endsWith(' ') || this.#tail.endsWith('\n')
    this.#write(isSpaced ? collapsed.trimStart() : collapsed)
  }

  close(name: string): void {
    if (name === 'title') {
      this.#isInTitle = false
    }
    if (skipped.has(name)) {
      this.#skipDepth = Math.max(0, this.#skipDepth - 1)
      return
    }
    if (this.#skipDepth > 0) {
      return
    }
    if (name === 'a') {
      this.#write(this.#links.pop() ?? '')
    } else if (marks[name] !== undefined && this.#preDepth === 0) {
      this.#write(marks[name])
    }
    this.#closeBlock(name)
  }

  #openInline(name: string, attributes: Record<string, string>): void {
    if (name === 'a') {
      this.#openLink(attributes['href'] ?? '')
    } else if (name === 'img') {
      const { alt = '' } = attributes
      this.#write(alt === '' ? '' : `[image: ${alt}]`)
    } else if (marks[name] !== undefined && this.#preDepth === 0) {
      this.#write(marks[name])
    }
  }

  #openBlock(name: string): void {
    if (/^h[1-6]$/.test(name)) {
      this.#breakLines(2)
      this.#write(`${'#'.repeat(Number(name.charAt(1)))} `)
    } else if (name === 'pre') {
      this.#breakLines(2)
      this.#write('```\n')
      this.#preDepth += 1
    } else if (name === 'ul' || name === 'ol') {
      this.#breakLines(this.#lists.length === 0 ? 2 : 1)
      this.#lists.push({ isOrdered: name === 'ol', count: 0 })
    } else if (name === 'li') {
      this.#openItem()
    } else if (name === 'td' || name === 'th') {
      this.#write(this.#cells === 0 ? '' : ' | ')
      this.#cells += 1
    } else {
      this.#openParagraph(name)
    }
  }

  #openParagraph(name: string): void {
    if (name === 'br' || name === 'tr') {
      this.#breakLines(1)
      this.#cells = 0
    } else if (blocks.has(name)) {
      this.#breakLines(2)
      this.#write(name === 'blockquote' ? '> ' : '')
    }
  }

  #closeBlock(name: string): void {
    if (name === 'pre') {
      this.#breakLines(1)
      this.#write('```')
      this.#preDepth = Math.max(0, this.#preDepth - 1)
      this.#breakLines(2)
    } else if (name === 'ul' || name === 'ol') {
      this.#lists.pop()
      this.#breakLines(this.#lists.length === 0 ? 2 : 1)
    } else if (name === 'li' || name === 'tr') {
      this.#breakLines(1)
    } else if (blocks.has(name) || /^h[1-6]$/.test(name)) {
      this.#breakLines(2)
    }
  }

  #openItem(): void {
    const list = this.#lists.at(-1)
    this.#breakLines(1)
    if (list !== undefined) {
      list.count += 1
    }
    // Deeper levels would only be indented further.
    const indent = '  '.repeat(Math.min(8, Math.max(0, this.#lists.length - 1)))
    this.#write(`${indent}${list?.isOrdered === true ? `${list.count}.` : '-'} `)
  }

  #openLink(href: string): void {
    const url = URL.parse(href, this.#base)
    const isPage = url !== null && /^https?:$/.test(url.protocol) && !/^(?:#|$)/.test(href)
    this.#links.push(isPage ? `](${url.href})` : '')
    this.#write(isPage ? '[' : '')
  }

  #breakLines(count: number): void {
    const breaks = ['\n\n', '\n'].findIndex((end) => this.#tail.endsWith(end))
    const missing = count - (breaks === -1 ? 0 : 2 - breaks)
    if (missing > 0) {
      this.#write('\n'.repeat(missing))
    }
  }

  #write(text: string): void {
    if (text !== '') {
      this.#out.push(text)
      this.#tail = (this.#tail + text).slice(-2)
    }
  }
}
