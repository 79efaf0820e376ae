/** Texts that code looks into: markup, JSON, numbers, addresses, secrets, stop words. */
import type { Choices } from './choices.ts'

const pieces = [
  ' ',
  'a',
  'x1',
  '\n',
  '\r\n',
  '\t',
  '"',
  '\\',
  '\\u0041',
  '{',
  '}',
  '[',
  ']',
  '{"a":',
  '[0,',
  ':',
  ',',
  '(',
  ')',
  '<',
  '>',
  '<a ',
  '</',
  '<!--',
  '<think>',
  '</think>',
  '<thinking>',
  '<system-reminder>',
  '</system-reminder>',
  '<script ',
  '<style>',
  '<|',
  '```',
  '```json',
  '[1m]',
  '%2e',
  '..',
  '/',
  '//',
  '.',
  '-',
  '_',
  '=',
  '?',
  '&',
  '@',
  '#',
  '*',
  '0',
  '7',
  '1.',
  '1,',
  '1e9',
  'n-',
  '😀',
  '\ud800',
  '語',
  'é',
  '\u0000',
  'data: ',
  'data:',
  'event: ',
  'data:image/png;base64,',
  'iVBORw0K',
  'https://',
  'key=',
  'sk-',
  'Bearer ',
  'api key: ',
  'eyJ',
  'org-',
  'project ',
  '/projects/',
  'schema ',
  'invalid ',
  'in ',
  'model ',
  'is not supported',
  'max_tokens ',
  'maximum ',
  'tokens ',
  'context length ',
  'retry in ',
  'seconds ',
  'image ',
  'reasoning ',
  'messages.',
  'unknown ',
  'thinking ',
  'beta ',
  'only ',
  'for ',
  'with ',
  'supports at most ',
  'less than ',
  'Reply with exactly: ',
  'Use the t tool with this input: ',
  'x-anthropic-billing-header: ',
  'cch=',
  'toolu_',
  'call_',
  '~~~',
  '---',
  '\u2028',
  'A'.repeat(40),
  '<function=',
  '<tool_call>',
] as const

/** A few pieces, one of which may be repeated `size` times. */
export function text(choices: Choices, size: number): string {
  const fixed = (): string => choices.few(3, () => choices.one(pieces)).join('')
  if (choices.chance(2)) {
    return fixed()
  }
  const before = fixed()
  const repeated = choices.many(size, () => `${choices.one(pieces)}${fixed()}`).join('')
  return before + repeated + fixed()
}

/** A name: the same for each of many, or one of its own. */
export function name(choices: Choices, index: number, size: number): string {
  switch (choices.below(8)) {
    case 0:
      return text(choices, size)
    case 1:
      return `${'long-name_'.repeat(8)}${index}`
    case 2:
      return String(index)
    case 3:
    case 4:
      return choices.one(['a', 't', 'type', 'properties', '__proto__', '$ref', 'Bash', 'a b.c'])
    default:
      return `n${index}`
  }
}
