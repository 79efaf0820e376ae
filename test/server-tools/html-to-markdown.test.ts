import { describe, expect, test } from 'vitest'

import { htmlToMarkdown } from '../../src/server-tools/fetch/html-to-markdown.ts'
import { growthOf } from '../support/growth.ts'

const convert = (html: string) => htmlToMarkdown(html, 'https://example.com/a/').text

describe('a page as Markdown', () => {
  test('a page as Markdown keeps headings, lists, links, code and tables', () => {
    expect(
      convert(
        '<h1>One</h1><p>Some <em>text</em>\n and <a href="b">a link</a>.</p><ul><li>x<li>y<ol><li>z</ol></ul><pre>a  b\n\n c</pre><table><tr><th>A<th>B<tr><td>1<td>2</table>',
      ),
    ).toBe(
      '# One\n\nSome *text* and [a link](https://example.com/a/b).\n\n- x\n- y\n  1. z\n\n```\na  b\n\n c\n```\n\nA | B\n1 | 2',
    )
  })

  test('a page as Markdown leaves out navigation and other parts of the site', () => {
    expect(
      convert(
        '<header>Kept</header><nav><p>Menu</p></nav><script>a<b</script><style>p{}</style><form>Search</form><noscript>No</noscript><footer>Foot</footer>',
      ),
    ).toBe('Kept')
  })

  test('a page as Markdown has no links that lead elsewhere than to pages', () => {
    expect(convert('<a href="javascript:x()">x</a> <a href="#y">y</a> <a>z</a>')).toBe('x y z')
  })

  test('a page as Markdown has the text of unclosed elements, and not what is nested too deeply', () => {
    expect(convert('One <b>two')).toBe('One **two**')
    expect(convert(`Start${'<div>'.repeat(50_000)}end`)).toBe('Start')
  })

  test.each(['<p>a<p>b', '</div></p>a', '<b>a', '<a href="x">a', 'a & b &amp; c &#x1F600;', ''])(
    'a page of %j is converted to Markdown without an error',
    (html) => expect(typeof convert(html)).toBe('string'),
  )

  test.each([
    ['nested elements', '<div>'],
    ['lists', '<ul><li>'],
    ['spaces in code', '<pre>  '],
    ['open tags', '<'],
    ['attributes', '<a href=x '],
    ['line breaks', '<br>\n'],
  ])('a page as Markdown takes time in proportion to its %s', (_, piece) => {
    const growth = growthOf(20_000, (size) => {
      const html = piece.repeat(size)
      return () => convert(html)
    })
    expect(growth).toBeLessThan(3)
  })
})
