import { expect, test } from 'vitest'

import { createReport, toAdaptedHeader } from '../../src/anthropic/report.ts'

test('the header lists what was not carried as asked', () => {
  const report = createReport()
  report.drop('top_k')
  report.map('thinking.budget_tokens', 'reasoning_effort=medium')
  report.ignore('metadata')
  report.drop('top_k')
  expect(toAdaptedHeader(report.adaptations)).toBe(
    '"top_k";drop, "thinking.budget_tokens";map="reasoning_effort=medium", "metadata";ignore',
  )
})

test('there is no header where all was carried', () => {
  expect(toAdaptedHeader([])).toBeUndefined()
})

test('the header stays short and says how much it leaves out', () => {
  const report = createReport()
  for (let index = 0; index < 25; index += 1) {
    report.drop(`tools.${index}`)
  }
  const header = toAdaptedHeader(report.adaptations) ?? ''
  expect(header.split(', ')).toHaveLength(21)
  expect(header).toMatch(/"more";more=5$/)
})

test('names from a client cannot break the header', () => {
  const report = createReport()
  report.drop('a"b\\c\r\nx: é')
  expect(toAdaptedHeader(report.adaptations)).toBe('"a\\"b\\\\c??x: ?";drop')
})
