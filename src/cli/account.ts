/** `npm run login` and `npm run account -- …`: signs a person in at a gateway, and gives clients the key. */
import { proposeSettings, settingsFile, writeSettings } from './account/claude-settings.ts'
import { changeCredentials, credentialsFile, readCredentials } from './account/credentials.ts'
import { currentKey, findCredential } from './account/current-key.ts'
import { awaitApproval, revoke, startSignIn } from './account/oauth-client.ts'
import { confirm } from './platform/confirm.ts'
import { createProgram, runProgram, UsageError, UserError } from './platform/run-command.ts'

interface Options {
  url?: string
  yes?: boolean
}

const program = createProgram(
  'npm run account --',
  'Signs you in to a gateway, and gives clients a key that is renewed automatically.',
)

program
  .command('login')
  .description('sign in to a gateway in a browser')
  .argument('<url>', "the gateway's origin")
  .action(login)

program
  .command('token')
  .description('print a valid key, renewed if necessary')
  .option('--url <url>', 'the gateway (default: the one of the latest login)')
  .action(printToken)

program
  .command('logout')
  .description('end the session at a gateway, and delete its key')
  .option('--url <url>', 'the gateway (default: the one of the latest login)')
  .action(logout)

program
  .command('setup')
  .description('configure a client for the gateway: claude')
  .argument('<client>', 'the client: claude')
  .option('--url <url>', 'the gateway (default: the one of the latest login)')
  .option('--yes', 'write the settings without asking')
  .action(setUp)

await runProgram(program)

async function login(named: string): Promise<void> {
  const url = toOrigin(named)
  const started = await startSignIn(url)
  console.log(`
Open    ${started.verification_uri_complete}
Code    ${started.user_code}
${started.login_notice === undefined ? '' : `\n${started.login_notice}\n`}
Approve it only if the page shows this code. Waiting …`)
  const credential = await awaitApproval(url, started)
  await changeCredentials(credentialsFile(), async ({ gateways }) => ({
    next: { default: url, gateways: { ...gateways, [url]: credential } },
    value: undefined,
  }))
  console.log(`
You are signed in${credential.email === undefined ? '' : ` as ${credential.email}`}.

Claude Code   npm run account -- setup claude
Other tools   npm run account -- token`)
}

async function printToken({ url }: Options): Promise<void> {
  console.log(await currentKey(credentialsFile(), url && toOrigin(url)))
}

async function logout({ url: named }: Options): Promise<void> {
  const file = credentialsFile()
  const { url, credential } = findCredential(await readCredentials(file), named && toOrigin(named))
  await changeCredentials(file, async (known) => {
    const gateways = Object.fromEntries(
      Object.entries(known.gateways).filter(([origin]) => origin !== url),
    )
    const [other] = Object.keys(gateways)
    const latest = known.default === url ? other : known.default
    const next = { gateways, ...(latest === undefined ? {} : { default: latest }) }
    return { next, value: undefined }
  })
  await revoke(url, credential.refresh_token ?? credential.access_token)
  console.log(`Signed out of ${url}.`)
}

async function setUp(client: string, { url: named, yes = false }: Options): Promise<void> {
  if (client !== 'claude') {
    throw new UsageError(`Unknown client ${client}; it must be claude.`)
  }
  const { url } = findCredential(await readCredentials(credentialsFile()), named && toOrigin(named))
  const helper = [process.execPath, import.meta.filename, 'token', '--url', url]
  const change = await proposeSettings(settingsFile(), {
    url,
    helper: helper.map(quote).join(' '),
  })
  if (change.diff.length === 0) {
    console.log(`${change.file} already names this gateway.`)
    return
  }
  console.log([change.file, ...change.diff].join('\n'))
  if (!yes && !process.stdin.isTTY) {
    throw new UserError('Nothing was written. Use --yes to write it without a terminal.')
  }
  if (!yes && !(await confirm('Write this?'))) {
    throw new UserError('Nothing was written.')
  }
  await writeSettings(change)
  console.log('Written. Claude Code gets its key from this command.')
}

function toOrigin(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${text} is not a URL; use one such as https://gateway.example.com`)
  }
  return url.origin
}

/** Quotes a word for a POSIX shell, which runs the helper. */
function quote(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
