import { describe, expect, test } from 'vitest'

import { isTrustedRead } from '../../src/safeguards/trusted-reads.ts'

const context = {
  platform: 'linux',
  live_cwd: '/work/app',
  trusted_directories: {
    primary: { path: '/work/app', resolved: ['/private/work/app'] },
    additional: [{ path: '/data', resolved: [] }],
  },
}

describe('a call that only reads', () => {
  test.each([
    ['Read', { file_path: '/work/app/a.ts' }],
    ['Read', { file_path: 'src/../a.ts' }],
    ['Read', { file_path: '/private/work/app/a' }],
    ['Read', { file_path: '/data/x/./y' }],
    ['LS', { path: '/work/app' }],
    ['Glob', { pattern: '**/*.{ts,js}' }],
    ['Grep', { pattern: '/etc/passwd|~', path: '/data' }],
  ])(
    'a call that only reads needs no classifier inside trusted directories: %s %j',
    (name, input) => {
      expect(isTrustedRead(name, input, context)).toBe(true)
    },
  )

  test.each([
    ['Read', { file_path: '/work/application/a' }],
    ['Read', { file_path: '/work/app/../secret' }],
    ['Read', { file_path: '../../etc/passwd' }],
    ['Read', { file_path: '/../work/app/a' }],
    ['Read', { file_path: '~/.ssh/id_rsa' }],
    ['Read', { file_path: '$HOME/.ssh/id_rsa' }],
    ['Read', { file_path: 'a\\..\\..\\b' }],
    ['Read', { file_path: ['/work/app/a'] }],
    ['LS', { path: '/' }],
    ['Glob', { pattern: '../**' }],
    ['Glob', { pattern: '/etc/*' }],
    ['Glob', { pattern: '{a,/etc/passwd}' }],
    ['Grep', { pattern: 'x', glob: '~/**' }],
    ['Write', { file_path: '/work/app/a.ts' }],
    ['Bash', { command: 'cat /work/app/a.ts' }],
    ['constructor', {}],
  ])('every other call than a read in trusted directories is judged: %s %j', (name, input) => {
    expect(isTrustedRead(name, input, context)).toBe(false)
  })

  test('a call that only reads is judged where the client names no directory, or has other paths', () => {
    const input = { file_path: '/work/app/a' }
    expect(isTrustedRead('Read', input, {})).toBe(false)
    expect(isTrustedRead('Read', input, { ...context, platform: 'win32' })).toBe(false)
  })
})
