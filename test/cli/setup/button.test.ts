import { readFile } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import { toButton, toRepositoryUrl, withButton } from '../../../src/cli/setup/button.ts'

describe('the Deploy button', () => {
  test.each([
    'https://github.com/acme/gateway',
    'https://github.com/acme/gateway.git',
    'https://github.com/acme/gateway/',
    'https://token@github.com/acme/gateway.git',
    'git@github.com:acme/gateway.git',
    'ssh://git@github.com/acme/gateway.git',
  ])('the Deploy button deploys the repository of the remote %s', (remote) => {
    expect(toRepositoryUrl(remote)).toBe('https://github.com/acme/gateway')
  })

  test('the Deploy button deploys a repository in a group of GitLab', () => {
    expect(toRepositoryUrl('git@gitlab.com:acme/team/gateway.git')).toBe(
      'https://gitlab.com/acme/team/gateway',
    )
  })

  test.each(['/work/main', 'git@git.example.com:a/b.git', 'https://github.com.evil.test/a/b', ''])(
    'the Deploy button is not offered for the remote %s',
    (remote) => {
      expect(toRepositoryUrl(remote)).toBeUndefined()
    },
  )

  test('the Deploy button has one place in the README, which is replaced each time', async () => {
    const readme = await readFile('README.md', 'utf8')
    const button = toButton('https://github.com/acme/gateway')
    expect(button).toBe(
      '[![Deploy to Cloudflare](https://deploy.workers.cloudflare.com/button)](https://deploy.workers.cloudflare.com/?url=https://github.com/acme/gateway)',
    )
    const once = withButton(readme, button)
    expect(once.split(button)).toHaveLength(2)
    expect(withButton(once, button)).toBe(once)
  })
})
