import { expect, test } from 'vitest'

import { createReport, toAdaptedHeader } from '../../src/anthropic/report.ts'

test('gateway-adapted lists each field that was dropped or changed', () => {
  const report = createReport()
  report.drop('top_k')
  report.map('thinking.budget_tokens', 'reasoning_effort=medium')
  report.ignore('metadata')
  report.drop('top_k')
  expect(toAdaptedHeader(report.adaptations)).toBe(
    '"top_k";drop, "thinking.budget_tokens";map="reasoning_effort=medium", "metadata";ignore',
  )
})

test('there is no gateway-adapted header if nothing was dropped or changed', () => {
  expect(toAdaptedHeader([])).toBeUndefined()
})

test('gateway-adapted is bounded and counts the entries that it omits', () => {
  const report = createReport()
  for (let index = 0; index < 25; index += 1) {
    report.drop(`tools.${index}`)
  }
  const header = toAdaptedHeader(report.adaptations) ?? ''
  expect(header.split(', ')).toHaveLength(21)
  expect(header).toMatch(/"more";more=5$/)
})

test('field names of a client cannot break the gateway-adapted header', () => {
  const report = createReport()
  report.drop('a"b\\c\r\nx: é')
  expect(toAdaptedHeader(report.adaptations)).toBe('"a\\"b\\\\c??x: ?";drop')
})
