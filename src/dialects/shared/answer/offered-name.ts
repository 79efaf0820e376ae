/**
 * The name of a called tool without what servers add around it: tokens of the model's template
 * (`Read<|channel|>commentary`, https://github.com/vllm-project/vllm/issues/32587) and the
 * namespace under which templates list tools (`functions.Read`). The result is an offered name, or
 * else the name as received, which the client reports to the model.
 */
export function toOfferedName(name: string, isOffered: (name: string) => boolean): string {
  if (isOffered(name)) {
    return name
  }
  for (const piece of name.split(/<[|｜][^<>]*>?/)) {
    const bare = piece.trim().replace(/^["'`]+|(?<!["'`(){}:,;])["'`(){}:,;]+$/g, '')
    const names = [
      bare,
      bare.replace(namespaces, ''),
      bare.replace(namespaces, '').replace(/:\d+$/, ''),
    ]
    const offered = names.find((candidate) => candidate !== '' && isOffered(candidate))
    if (offered !== undefined) {
      return offered
    }
  }
  return name
}

/**
 * Matches namespaces: `functions.` of gpt-oss and Kimi, `default_api.` of Gemini, `to=` of an
 * unparsed header.
 */
const namespaces = /^(?:to=)?(?:(?:functions?|tools?|default_api)[.:/])+/i
