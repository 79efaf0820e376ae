/** The Deploy button (https://developers.cloudflare.com/workers/platform/deploy-buttons). */

const host = 'https://deploy.workers.cloudflare.com'

/**
 * The web address of a repository at GitHub or GitLab, from any form that Git takes; undefined for
 * other hosts, which the button does not support.
 */
export function toRepositoryUrl(remote: string): string | undefined {
  const [, site, path] =
    /^(?:https?:\/\/(?:[^/@]*@)?|ssh:\/\/git@|git@)(github\.com|gitlab\.com)[/:](.+)$/.exec(
      remote,
    ) ?? []
  const name = path?.replace(/\/$/, '').replace(/\.git$/, '')
  return name === undefined || !/^[\w./-]+$/.test(name) ? undefined : `https://${site}/${name}`
}

/** Markdown of the button. */
export function toButton(repository: string): string {
  return `[![Deploy to Cloudflare](${host}/button)](${host}/?url=${repository})`
}

const region = /(<!-- deploy-button -->\n)[^]*?(<!-- \/deploy-button -->)/

/** Puts the button between the marks of a page. */
export function withButton(page: string, button: string): string {
  return page.replace(region, (_, start: string, end: string) => `${start}\n${button}\n\n${end}`)
}
