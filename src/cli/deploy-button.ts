/** `npm run deploy-button`: the link that deploys this repository from a browser, of wherever it is hosted. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { createProgram, runProgram, UserError } from './platform/run-command.ts'
import { projectRoot } from './platform/wrangler.ts'
import { toButton, toRepositoryUrl, withButton } from './setup/button.ts'

const program = createProgram(
  'npm run deploy-button --',
  'Prints the button that deploys this repository to Cloudflare, for the address of its remote.',
)
  .option('--remote <name>', 'the Git remote', 'origin')
  .option('--write', 'put the button into README.md')
  .action(run)

await runProgram(program)

async function run({ remote, write }: { remote: string; write?: true }): Promise<void> {
  const address = await readRemote(remote)
  const url = toRepositoryUrl(address)
  if (url === undefined) {
    throw new UserError(
      `The Deploy button needs a public repository at GitHub or GitLab; the remote ${remote} is ${address}.`,
    )
  }
  const button = toButton(url)
  if (write === true) {
    const readme = join(projectRoot, 'README.md')
    await writeFile(readme, withButton(await readFile(readme, 'utf8'), button))
  }
  console.log(button)
}

async function readRemote(name: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['remote', 'get-url', name], {
      cwd: projectRoot,
    })
    return stdout.trim()
  } catch {
    // Without Git, outside of a repository, and without such a remote alike.
    throw new UserError(
      `This folder has no Git remote ${name}. Push it to GitHub or GitLab first, or use npm run setup.`,
    )
  }
}
