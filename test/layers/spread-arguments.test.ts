/** Arguments are as many as fit the stack: a list that a client or an upstream made longer overflows it. */
import { globSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

/** Calls with a spread whose list has a bound, and why. */
const bounded: Record<string, string> = {
  'Object.assign({}, defaultQuirks, ...layers)': 'layers of quirks: a few',
  'Object.assign({}, defaultAnthropicQuirks, ...layers)': 'the same',
  'Object.assign({}, ...stated)': 'the same',
  'Object.assign({}, ...vendors)': 'the vendors',
  'String.fromCharCode(...bytes.subarray(start, start + 0x2000))': 'at most 8,192',
  'Math.min(...[...this.#timers].map(({ dueAt }) => dueAt))': 'the timers of one request',
  'Math.min(...names.map((name) => indexOfName(message, name)))': 'two',
  'events.push(...this.#progress.': 'the events of a start or an end: two',
  'Math.max(0, ...costs.map(': 'prices of the targets of a model',
  'Math.max(...caps)': 'numbers in a text of at most 2,000 characters',
  'Math.min(...waits)': 'limits of a key',
  'Math.min(toExpectedCost(estimate, expectedOutput), ...budgets.map(leftOf))': 'budgets of a key',
  'Math.max(...secrets.map(({ record }) => record.version ?? 0))': 'secrets of a key',
}

/** Calls of functions that take any number of arguments. */
const spreadCall =
  /[\w.]*\b(?:push|unshift|splice|concat|max|min|assign|fromCharCode|fromCodePoint)\([^\n]*\.\.\.[^\n]*/g

test('no list of unknown length is spread into the arguments of a call', () => {
  const found = globSync('src/**/*.ts')
    .filter((file) => !file.startsWith('src/cli/'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(spreadCall)].map(([call]) => `${file}: ${call}`),
    )
    // A spread inside of an object or an array makes no arguments.
    .filter((call) => !/[[{][^\]}]*\.\.\./.test(call) || call.includes('[...this'))
    .filter((call) => !Object.keys(bounded).some((known) => call.includes(known)))
  expect(found).toEqual([])
})
