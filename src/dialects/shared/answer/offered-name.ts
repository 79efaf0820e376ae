/**
 * The name of a called tool, freed of what servers leave around it: tokens of the model's template
 * (`Read<|channel|>commentary`, https://github.com/vllm-project/vllm/issues/32587) and the namespace
 * under which templates list tools (`functions.Read`). Only a name that is on offer is ever chosen; any
 * other name stays as it came, and the client tells the model.
 */
export function toOfferedName(name: string, isOffered: (name: string) => boolean): string {
  if (isOffered(name)) {
    return name
  }
  for (const piece of name.split(/<[|｜][^<>]*>?/)) {
    const bare = piece.trim().replace(/^["'`]+|["'`(){}:,;]+$/g, '')
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

/** `functions.` of gpt-oss and Kimi, `default_api.` of Gemini, `to=` of a header that was not parsed. */
const namespaces = /^(?:to=)?(?:(?:functions?|tools?|default_api)[.:/])+/i
