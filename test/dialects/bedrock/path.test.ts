import { expect, test } from 'vitest'

import { ask, translate } from '../../support/translate.ts'

test.each([
  [true, '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ax%2Fy/converse-stream'],
  [false, '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ax%2Fy/converse'],
])('a model is one segment of the path of Converse, with stream %s', (stream, path) => {
  const target = { dialect: 'bedrock', model: 'arn:aws:bedrock:us-east-1:1:x/y' }
  expect(translate(ask({ stream }), target).upstream.path).toBe(path)
})
